import { IsISO8601, IsInt, IsString, Length, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'
import { IsSku } from '#runtime/sku'

class Data {
  @IsSku() sku!: string
  @IsString() @Length(1, 200) name!: string
  @IsString() @Length(0, 5000) description!: string
  @IsString() @Length(1, 100) category!: string
  /** Grows with every change of this product: an older one that arrives later is stale. */
  @IsInt() @Min(1) version!: number
  @IsISO8601() describedAt!: string
}

/** A product is called, described or sorted otherwise than before; it is told whole. */
export const ProductDescribed = defineEvent('catalog/product-described.v1', Data, {
  subject: (data) => data.sku,
})
export type ProductDescribed = DataOf<typeof ProductDescribed>
