import { IsISO8601, IsInt, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'
import { IsSku } from '#runtime/sku'

class Data {
  @IsSku() sku!: string
  /** Grows with every change of this product: an older one that arrives later is stale. */
  @IsInt() @Min(1) version!: number
  @IsISO8601() retiredAt!: string
}

/** A product is no longer sold. Orders that have it keep it. */
export const ProductRetired = defineEvent('catalog/product-retired.v1', Data, { subject: (data) => data.sku })
export type ProductRetired = DataOf<typeof ProductRetired>
