import type { ChargeStatus } from './charge'

/** How the gateway treats a payment method. */
export interface Manner {
  status: ChargeStatus
  reason?: string
  /** The answer takes its time. */
  slow?: true
  /** The money is taken, but the connection breaks before the answer. */
  lost?: true
  /** How often each key is answered 503 first. */
  unavailable?: number
}

const MANNERS: Readonly<Record<string, Manner>> = {
  pm_approve: { status: 'captured' },
  pm_decline: { status: 'declined', reason: 'card_declined' },
  pm_insufficient_funds: { status: 'declined', reason: 'insufficient_funds' },
  pm_slow: { status: 'captured', slow: true },
  pm_lost_answer: { status: 'captured', lost: true },
  pm_flaky: { status: 'captured', unavailable: 2 },
  pm_notice: { status: 'pending' },
}

/** Test methods each show one thing that happens with real ones; any other method is declined. */
export const mannerOf = (paymentMethod: string): Manner =>
  Object.hasOwn(MANNERS, paymentMethod)
    ? MANNERS[paymentMethod]!
    : { status: 'declined', reason: 'unknown_method' }
