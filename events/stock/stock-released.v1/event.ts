import { IsISO8601, IsString, Length } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsISO8601() releasedAt!: string
}

/** What was set aside for an order is free again. */
export const StockReleased = defineEvent('stock/stock-released.v1', Data, {
  subject: (data) => data.orderId,
  unheard: 'for whoever plans stock: the shop shows levels by stock-level-changed',
})
export type StockReleased = DataOf<typeof StockReleased>
