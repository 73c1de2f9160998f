import { IsIn, IsString } from 'class-validator'
import { PAYMENT_STATUSES, type PaymentStatus } from '../payment'

/** What is known of this try so far: awaited until the gateway has said captured or declined. */
export class TriedPayment {
  @IsString() orderId!: string
  @IsIn(PAYMENT_STATUSES) status!: PaymentStatus
}

export const replies = { 202: TriedPayment }
