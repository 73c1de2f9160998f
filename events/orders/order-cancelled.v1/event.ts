import { IsISO8601, IsString, Length } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  @IsString() @Length(1, 500) reason!: string
  @IsISO8601() cancelledAt!: string
}

/** An order is off: its customer, staff or the deadline ended it. */
export const OrderCancelled = defineEvent('orders/order-cancelled.v1', Data, {
  subject: (data) => data.orderId,
})
export type OrderCancelled = DataOf<typeof OrderCancelled>
