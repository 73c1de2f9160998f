import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator'
import { IsSku } from '#runtime/sku'

export class ReceiveStock {
  @IsSku() sku!: string
  @IsInt() @Min(1) @Max(1_000_000) quantity!: number
  /** The supplier's or warehouse's own number for the delivery. */
  @IsOptional() @IsString() @Length(1, 100) reference?: string
}
