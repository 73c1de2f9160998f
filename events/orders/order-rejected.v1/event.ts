import { IsArray, IsISO8601, IsString, Length } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  /** The items there is not enough of. */
  @IsArray() @IsString({ each: true }) skus!: string[]
  @IsISO8601() rejectedAt!: string
}

/** An order cannot be met. Nothing was charged. */
export const OrderRejected = defineEvent('orders/order-rejected.v1', Data, {
  subject: (data) => data.orderId,
})
export type OrderRejected = DataOf<typeof OrderRejected>
