import { IsInt, IsISO8601, IsOptional, Matches, Max, Min } from 'class-validator'

/** A day alone is its first moment in UTC; a time needs its zone. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** Either a percentage or an amount. */
export class DiscountProduct {
  @Matches(/^[A-Za-z0-9][\w.-]{0,63}$/) sku!: string
  /** Whole per cent off the list price; the result is rounded to the nearest minor unit, half a unit up. */
  @IsOptional() @IsInt() @Min(1) @Max(100) percentage?: number
  /** Minor units off the list price, in the product's currency, down to nothing. */
  @IsOptional() @IsInt() @Min(1) @Max(100_000_000) amount?: number
  /** When it begins: an RFC 3339 moment or day. */
  @IsISO8601({ strict: true }) @Matches(MOMENT) from!: string
  /** When it is over; a moment that has passed ends it now. */
  @IsISO8601({ strict: true }) @Matches(MOMENT) until!: string
}
