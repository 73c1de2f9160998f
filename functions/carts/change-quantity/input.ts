import { IsInt, Max, Min } from 'class-validator'
import { IsSku } from '#runtime/sku'

export class ChangeQuantity {
  @IsSku() sku!: string
  /** None takes the item out. */
  @IsInt() @Min(0) @Max(100_000) quantity!: number
}
