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

  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  @IsArray() @ArrayMinSize(1) @ValidateNested({ each: true }) lines!: Line[]
  @IsISO8601() deliveredAt!: string
}

/** What was bought has reached its customer. */
export const OrderDelivered = defineEvent('orders/order-delivered.v1', Data, {
  subject: (data) => data.orderId,
})
export type OrderDelivered = DataOf<typeof OrderDelivered>
