import {
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  ValidateNested,
} from 'class-validator'
import { PAYMENT_STATUSES, type PaymentStatus } from '../payment'

class ShownAttempt {
  /** From 1. */
  @IsInt() attempt!: number
  @IsString() paymentMethod!: string
  @IsIn(PAYMENT_STATUSES) status!: PaymentStatus
  /** Why it was declined. */
  @IsOptional() @IsString() reason?: string
  @IsISO8601() startedAt!: string
}

export class ShownPayment {
  static readonly nested = { attempts: ShownAttempt }

  @IsString() orderId!: string
  /** `none`: the order was off before it was paid. */
  @IsIn(['none', ...PAYMENT_STATUSES]) status!: PaymentStatus | 'none'
  /** Why the last try was declined. */
  @IsOptional() @IsString() reason?: string
  /** Minor units: what is to be paid, what was taken, what went back. */
  @IsInt() amount!: number
  @IsInt() captured!: number
  @IsInt() refunded!: number
  /** ISO 4217. */
  @Matches(/^[A-Z]{3}$/) currency!: string
  @IsArray() @ValidateNested({ each: true }) attempts!: ShownAttempt[]
}

export const replies = { 200: ShownPayment }
