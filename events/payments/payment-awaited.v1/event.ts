import { IsISO8601, IsInt, IsOptional, IsString, Length, Matches, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  /** Minor units. */
  @IsInt() @Min(0) amount!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  /** Which try has begun, from 1; none when the customer has not said yet how to pay. */
  @IsOptional() @IsInt() @Min(1) attempt?: number
  @IsISO8601() awaitedAt!: string
}

/** An order has to be paid, or is tried to be paid, and no money has come yet. */
export const PaymentAwaited = defineEvent('payments/payment-awaited.v1', Data, {
  subject: (data) => data.orderId,
})
export type PaymentAwaited = DataOf<typeof PaymentAwaited>
