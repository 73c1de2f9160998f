import { IsInt, Max, Min } from 'class-validator'
import { IsSku } from '#runtime/sku'

export class AddToCart {
  @IsSku() sku!: string
  @IsInt() @Min(1) @Max(100_000) quantity!: number
}
