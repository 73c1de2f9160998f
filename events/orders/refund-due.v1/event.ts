import { IsISO8601, IsInt, IsString, Length, Matches, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  /** The capture to give back, as the payment gateway names it. */
  @IsString() @Length(1, 128) chargeId!: string
  /** Tells refunds of one order apart; the same key is the same refund. */
  @IsString() @Length(1, 128) refundKey!: string
  /** Minor units. */
  @IsInt() @Min(1) amount!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  @IsString() @Length(1, 500) reason!: string
  @IsISO8601() dueAt!: string
}

/** Money that was captured has to go back. */
export const RefundDue = defineEvent('orders/refund-due.v1', Data, { subject: (data) => data.orderId })
export type RefundDue = DataOf<typeof RefundDue>
