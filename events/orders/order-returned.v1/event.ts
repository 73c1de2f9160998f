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

class Line {
  @IsSku() sku!: string
  @IsInt() @Min(1) quantity!: number
}

class Data {
  static readonly nested = { lines: Line }

  @IsString() @Length(1, 64) returnId!: string
  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  /** What came back this time. */
  @IsArray() @ArrayMinSize(1) @ValidateNested({ each: true }) lines!: Line[]
  @IsISO8601() returnedAt!: string
}

/** Some or all of what was bought has come back. An order may be returned bit by bit, each time by a return of its own. */
export const OrderReturned = defineEvent('orders/order-returned.v1', Data, {
  subject: (data) => data.orderId,
})
export type OrderReturned = DataOf<typeof OrderReturned>
