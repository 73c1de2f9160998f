import { IsInt, IsISO4217CurrencyCode, Matches, Max, Min } from 'class-validator'
import { IsSku } from '#runtime/sku'

export class ChangePrice {
  @IsSku() sku!: string
  /** Minor units, without any discount: 1250 is 12.50. */
  @IsInt() @Min(0) @Max(100_000_000) price!: number
  @IsISO4217CurrencyCode() @Matches(/^[A-Z]{3}$/) currency!: string
}
