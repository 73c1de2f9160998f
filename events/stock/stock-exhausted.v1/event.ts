import {
  ArrayMinSize,
  IsArray,
  IsISO8601,
  IsInt,
  IsString,
  Length,
  Min,
  ValidateNested,
} from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'
import { IsSku } from '#runtime/sku'

class Shortage {
  @IsSku() sku!: string
  @IsInt() @Min(1) wanted!: number
  @IsInt() @Min(0) available!: number
}

class Data {
  static readonly nested = { shortages: Shortage }

  @IsString() @Length(1, 64) orderId!: string
  @IsArray() @ArrayMinSize(1) @ValidateNested({ each: true }) shortages!: Shortage[]
  @IsISO8601() exhaustedAt!: string
}

/** There is not enough for an order, so nothing is set aside for it. */
export const StockExhausted = defineEvent('stock/stock-exhausted.v1', Data, {
  subject: (data) => data.orderId,
})
export type StockExhausted = DataOf<typeof StockExhausted>
