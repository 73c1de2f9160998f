import { IsISO8601, IsInt, Matches, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'
import { IsSku } from '#runtime/sku'

class Data {
  @IsSku() sku!: string
  /** What it costs now, with today's discount; minor units. */
  @IsInt() @Min(0) price!: number
  /** What it costs without a discount; minor units. */
  @IsInt() @Min(0) listPrice!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  /** Grows with every change of this product: an older one that arrives later is stale. */
  @IsInt() @Min(1) version!: number
  @IsISO8601() changedAt!: string
}

/** What a product costs has changed, or its discount has begun or ended. */
export const PriceChanged = defineEvent('catalog/price-changed.v1', Data, { subject: (data) => data.sku })
export type PriceChanged = DataOf<typeof PriceChanged>
