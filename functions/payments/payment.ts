import { IsIn, IsInt, IsISO8601, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator'

export const PAYMENT_STATUSES = ['awaited', 'captured', 'declined', 'partly-refunded', 'refunded'] as const

/** Where the payment of an order stands. */
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

/** What a payment's row says: an order that was off before it was paid is closed. */
export type StoredStatus = PaymentStatus | 'closed'

/** ISO 4217's "no currency": of a payment of which nothing is known but that it must not be made. */
export const UNKNOWN_CURRENCY = 'XXX'

export const ATTEMPT_STATES = ['started', 'pending', 'captured', 'declined'] as const

/** Where one try to charge stands: begun here, begun there, or at one of its two ends. */
export type AttemptState = (typeof ATTEMPT_STATES)[number]

/** One try to charge an order, as its row holds it. */
export interface Attempt {
  /** The gateway's Idempotency-Key and reference, so that asking again is the same try. */
  key: string
  orderId: string
  /** From 1. */
  attempt: number
  /** Minor units. */
  amount: number
  currency: string
  method: string
  state: AttemptState
}

/** True while its outcome is not known. */
export const isOpen = ({ state }: Pick<Attempt, 'state'>): boolean =>
  state === 'started' || state === 'pending'

/** What a customer is told of a try. */
export const statusOf = (state: AttemptState): PaymentStatus =>
  state === 'started' || state === 'pending' ? 'awaited' : state

/** A charge as the gateway tells of it, in its answers and in its notices. It may say more than we read. */
export class GatewayCharge {
  @IsString() @Length(1, 128) id!: string
  @IsIn(['pending', 'captured', 'declined']) status!: 'pending' | 'captured' | 'declined'
  /** Minor units. */
  @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER) amount!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  /** The key of the try it belongs to. */
  @IsString() @Length(1, 255) reference!: string
  /** Why it was declined. */
  @IsOptional() @IsString() @Length(1, 100) reason?: string
  /** What it was paid with. */
  @IsOptional() @IsString() @Length(1, 64) paymentMethod?: string
  /** Minor units given back so far. */
  @IsOptional() @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER) refunded?: number
  /** By the gateway's clock. */
  @IsOptional() @IsISO8601() createdAt?: string
}

/** One refund, as its row holds it. */
export interface Refund {
  /** The gateway's Idempotency-Key and reference, so that asking again is the same refund. */
  key: string
  orderId: string
  refundKey: string
  /** The capture it goes back from. */
  chargeId: string
  /** Minor units. */
  amount: number
  currency: string
  state: 'started' | 'refunded'
}

/** A refund as the gateway tells of it, in its answers and in its notices. It may say more than we read. */
export class GatewayRefund {
  @IsString() @Length(1, 128) id!: string
  @IsIn(['pending', 'refunded', 'failed']) status!: 'pending' | 'refunded' | 'failed'
  @IsString() @Length(1, 128) chargeId!: string
  /** Minor units. */
  @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) amount!: number
  @Matches(/^[A-Z]{3}$/) currency!: string
  /** The key of the refund it belongs to. */
  @IsString() @Length(1, 255) reference!: string
  /** By the gateway's clock. */
  @IsOptional() @IsISO8601() createdAt?: string
}

/** Of the gateway's clock; the moment of the end is not in it. */
export interface Span {
  since: Date
  until: Date
}
