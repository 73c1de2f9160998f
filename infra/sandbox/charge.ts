/** What became of a charge. `captured` and `declined` are final. */
export type ChargeStatus = 'pending' | 'captured' | 'declined'

/** One try to take money, as the gateway's API shows it. */
export interface Charge {
  id: string
  status: ChargeStatus
  /** Minor units. */
  amount: number
  currency: string
  /** The shop's own name for it. */
  reference: string
  /** What it was paid with; charges of an older journal do not tell. */
  paymentMethod?: string
  /** Why it was declined. */
  reason?: string
  /** Minor units given back so far. */
  refunded: number
  /** ISO 8601. */
  createdAt: string
}

/** Money that went back, as the gateway's API shows it. */
export interface Refund {
  id: string
  status: 'refunded'
  chargeId: string
  /** Minor units. */
  amount: number
  currency: string
  reference: string
  /** ISO 8601. */
  createdAt: string
}

/** What a shop asks to be charged. */
export interface ChargeRequest {
  amount: number
  currency: string
  paymentMethod: string
  reference: string
}

export interface RefundRequest {
  amount: number
  reference: string
}

/** Something final that the shop is told by a signed notice (Standard Webhooks, "payload structure"). */
export interface Notice {
  /** The same for every try to deliver it. */
  id: string
  type: 'charge.captured' | 'charge.declined' | 'charge.refunded'
  /** The charge as it stood at that moment. */
  data: Charge
  /** The refund that it tells of, if it tells of one. */
  refund?: Refund
  /** When it happened, ISO 8601. */
  timestamp: string
  /** When it is first sent, ISO 8601. */
  dueAt: string
}
