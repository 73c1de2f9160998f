import { IsISO8601, IsInt, IsString, Length, Matches, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  /** Minor units. */
  @IsInt() @Min(0) amount!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  @IsISO8601() awaitedAt!: string
}

/** An order has to be paid and no money has come yet. */
export const PaymentAwaited = defineEvent('payments/payment-awaited.v1', Data, {
  subject: (data) => data.orderId,
  unheard: 'for whoever shows payments as they go: the order waits as it did before',
})
export type PaymentAwaited = DataOf<typeof PaymentAwaited>
