import { IsInt, IsOptional, Max, Min } from 'class-validator'
import { IsMomentOrDay } from '#runtime/moment'
import { IsSku } from '#runtime/sku'

/** Either a percentage or an amount. */
export class DiscountProduct {
  @IsSku() sku!: string
  /** Whole per cent off the list price; the result is rounded to the nearest minor unit, half a unit up. */
  @IsOptional() @IsInt() @Min(1) @Max(100) percentage?: number
  /** Minor units off the list price, in the product's currency, down to nothing. */
  @IsOptional() @IsInt() @Min(1) @Max(100_000_000) amount?: number
  /** When it begins: a moment, or a day for its first moment in UTC. */
  @IsMomentOrDay() from!: string
  /** When it is over; a moment that has passed ends it now. */
  @IsMomentOrDay() until!: string
}
