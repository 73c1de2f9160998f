import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'
import { IsSku } from '#runtime/sku'

class Data {
  @IsSku() sku!: string
  @IsInt() @Min(1) @Max(1_000_000) quantity!: number
  /** The supplier's or warehouse's own number for the delivery. */
  @IsOptional() @IsString() @Length(1, 100) reference?: string
}

/** A warehouse outside has taken in goods. */
export const StockReceived = defineEvent('platform/stock-received.v1', Data, { subject: (data) => data.sku })
export type StockReceived = DataOf<typeof StockReceived>
