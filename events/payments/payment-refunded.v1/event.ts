import { IsISO8601, IsInt, IsOptional, IsString, Length, Matches, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  @IsString() @Length(1, 128) chargeId!: string
  @IsString() @Length(1, 128) refundKey!: string
  /** Minor units. */
  @IsInt() @Min(0) amount!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  /** All that has gone back of the order's payments so far, this included, and all that was captured for it. */
  @IsOptional() @IsInt() @Min(0) refundedTotal?: number
  @IsOptional() @IsInt() @Min(0) capturedTotal?: number
  @IsISO8601() refundedAt!: string
}

/** Captured money has gone back to the customer. */
export const PaymentRefunded = defineEvent('payments/payment-refunded.v1', Data, {
  subject: (data) => data.orderId,
})
export type PaymentRefunded = DataOf<typeof PaymentRefunded>
