import { IsISO8601, IsInt, IsOptional, IsString, Length, Matches, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  /** Minor units. */
  @IsInt() @Min(0) total!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  /** Absent when the customer will choose how to pay later. */
  @IsOptional() @IsString() @Length(1, 64) paymentMethod?: string
  @IsISO8601() acceptedAt!: string
}

/** Everything in an order is set aside; now it has to be paid. */
export const OrderAccepted = defineEvent('orders/order-accepted.v1', Data, {
  subject: (data) => data.orderId,
})
export type OrderAccepted = DataOf<typeof OrderAccepted>
