import { IsIn, IsISO8601, IsInt, IsString, Length, Matches, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  /** Minor units. */
  @IsInt() @Min(0) total!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  /** How many hours after its acceptance the order is still not paid. */
  @IsIn([4, 8, 16]) hours!: number
  /** The order is cancelled if it is not paid by then. */
  @IsISO8601() deadline!: string
}

/** An accepted order is still not paid: time to remind its customer. */
export const PaymentReminderDue = defineEvent('orders/payment-reminder-due.v1', Data, {
  subject: (data) => data.orderId,
})
export type PaymentReminderDue = DataOf<typeof PaymentReminderDue>
