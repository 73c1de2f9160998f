import { IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator'

export class ReceiveStock {
  @Matches(/^[A-Za-z0-9][\w.-]{0,63}$/) sku!: string
  @IsInt() @Min(1) @Max(1_000_000) quantity!: number
  /** The supplier's or warehouse's own number for the delivery. */
  @IsOptional() @IsString() @Length(1, 100) reference?: string
}
