import { IsISO8601, IsInt, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'
import { IsSku } from '#runtime/sku'

class Data {
  @IsSku() sku!: string
  @IsInt() @Min(0) onHand!: number
  @IsInt() @Min(0) reserved!: number
  /** On hand and not reserved. */
  @IsInt() @Min(0) available!: number
  /** Grows with every change of this product: an older one that arrives later is stale. */
  @IsInt() @Min(1) version!: number
  @IsISO8601() changedAt!: string
}

/** There is more or less of an item than before, or more or less of it is promised. */
export const StockLevelChanged = defineEvent('stock/stock-level-changed.v1', Data, {
  subject: (data) => data.sku,
})
export type StockLevelChanged = DataOf<typeof StockLevelChanged>
