import { IsISO8601, IsInt, IsString, Length, Matches, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  /** The capture, as the payment gateway names it. */
  @IsString() @Length(1, 128) chargeId!: string
  /** Minor units. */
  @IsInt() @Min(0) amount!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  @IsISO8601() capturedAt!: string
}

/** The money for an order is ours. */
export const PaymentCaptured = defineEvent('payments/payment-captured.v1', Data, {
  subject: (data) => data.orderId,
})
export type PaymentCaptured = DataOf<typeof PaymentCaptured>
