import { IsISO8601, IsInt, IsString, Length, Matches, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  @IsString() @Length(1, 128) chargeId!: string
  @IsString() @Length(1, 128) refundKey!: string
  /** Minor units. */
  @IsInt() @Min(0) amount!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  @IsISO8601() refundedAt!: string
}

/** Captured money has gone back to the customer. */
export const PaymentRefunded = defineEvent('payments/payment-refunded.v1', Data, {
  subject: (data) => data.orderId,
})
export type PaymentRefunded = DataOf<typeof PaymentRefunded>
