import type { Queryable } from '#runtime/database'
import { DEADLINE_HOURS, hoursBefore } from '../deadline'
import { lateRefunds, stuckOrders } from './store'

const MOST_VIOLATIONS = 100
// Longer than every retry of every step takes.
const PENDING_HOURS = 0.25
// Longer than a gateway is away on a bad day.
const REFUND_HOURS = 3

/** What cannot be right in orders alone: an order that gets nowhere, money that does not go back. */
export async function violations(db: Queryable, now: Date) {
  const placedBefore = hoursBefore(now, PENDING_HOURS)
  const acceptedBefore = hoursBefore(now, DEADLINE_HOURS + PENDING_HOURS)
  const [stuck, late] = await Promise.all([
    stuckOrders(db, placedBefore, acceptedBefore, MOST_VIOLATIONS),
    lateRefunds(db, hoursBefore(now, REFUND_HOURS), MOST_VIOLATIONS),
  ])
  return [
    ...stuck.map(({ orderId, status, since }) => ({
      invariant: 'order-gets-on',
      about: orderId,
      expected: 'an order that is at an end, or waits for somebody',
      actual: `${status} since ${since.toISOString()}`,
    })),
    ...late.map(({ orderId, amount, currency, dueAt }) => ({
      invariant: 'refund-goes-back',
      about: orderId,
      expected: `money that is due goes back within ${REFUND_HOURS} hours`,
      actual: `${amount} ${currency} (minor units) due since ${dueAt.toISOString()}`,
    })),
  ]
}
