import { IsISO8601, IsInt, IsString, Length, Matches, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'
import { IsSku } from '#runtime/sku'

class Data {
  @IsSku() sku!: string
  @IsString() @Length(1, 200) name!: string
  @IsString() @Length(0, 5000) description!: string
  @IsString() @Length(1, 100) category!: string
  /** Minor units. */
  @IsInt() @Min(0) price!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  /** Grows with every change of this product: an older one that arrives later is stale. */
  @IsInt() @Min(1) version!: number
  @IsISO8601() addedAt!: string
}

/** A product is on sale from now on. */
export const ProductAdded = defineEvent('catalog/product-added.v1', Data, { subject: (data) => data.sku })
export type ProductAdded = DataOf<typeof ProductAdded>
