import { IsISO8601, IsString, Length } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsISO8601() reservedAt!: string
}

/** Everything an order needs is set aside for it. */
export const StockReserved = defineEvent('stock/stock-reserved.v1', Data, { subject: (data) => data.orderId })
export type StockReserved = DataOf<typeof StockReserved>
