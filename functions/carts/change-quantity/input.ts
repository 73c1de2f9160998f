import { IsInt, Matches, Max, Min } from 'class-validator'

export class ChangeQuantity {
  @Matches(/^[A-Za-z0-9][\w.-]{0,63}$/) sku!: string
  /** None takes the item out. */
  @IsInt() @Min(0) @Max(100_000) quantity!: number
}
