import { IsISO8601, IsInt, IsString, Length, Min } from 'class-validator'
import { defineEvent, type DataOf } from '#runtime/event'

class Data {
  @IsString() @Length(1, 64) orderId!: string
  @IsString() @Length(1, 64) customerId!: string
  /** Which try this was, from 1. */
  @IsInt() @Min(1) attempt!: number
  /** The payment gateway's word for why, e.g. `insufficient_funds`. */
  @IsString() @Length(1, 100) reason!: string
  @IsISO8601() declinedAt!: string
}

/** The payment gateway has refused to charge. The customer may try again. */
export const PaymentDeclined = defineEvent('payments/payment-declined.v1', Data, {
  subject: (data) => data.orderId,
})
export type PaymentDeclined = DataOf<typeof PaymentDeclined>
