import { IsISO8601, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'
import { IsSku } from '#runtime/sku'

class Data {
  @IsUUID() reviewId!: string
  @IsSku() sku!: string
  @IsString() @Length(1, 64) customerId!: string
  /** One to five stars. */
  @IsInt() @Min(1) @Max(5) rating!: number
  @IsOptional() @IsString() @Length(1, 5000) text?: string
  /** Grows with every change of this product, its rating included. */
  @IsInt() @Min(1) version!: number
  @IsISO8601() reviewedAt!: string
}

/** Somebody who received a product has said how it is. */
export const ProductReviewed = defineEvent('catalog/product-reviewed.v1', Data, {
  subject: (data) => data.sku,
})
export type ProductReviewed = DataOf<typeof ProductReviewed>
