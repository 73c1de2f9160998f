import { http, ok, type Deps } from '#runtime/http'
import { DEADLINE_HOURS, hoursBefore } from '../deadline'
import { summed } from '../order'
import { ReportOrdersFigures } from './input'
import { lateRefunds, ordersAfter, stuckOrders, type Row } from './store'

const MOST_VIOLATIONS = 100
// Longer than every retry of every step takes.
const PENDING_HOURS = 0.25
// Longer than a gateway is away on a bad day.
const REFUND_HOURS = 3

/**
 * Reports the figures of orders by which the shop is audited.
 *
 * What cannot be right in orders alone is told as it is: an order that gets nowhere, money that does not go back. The
 * rest is told order by order, for others to compare: what each has of the stock, and what it has cost its customer.
 */
export async function reportOrdersFigures(
  { after = '', limit = 200, settledBefore }: ReportOrdersFigures,
  deps: Deps,
) {
  const { db, request, clock } = deps
  if (!request.route.endsWith('/orders')) return ok({ violations: await violations(deps) })
  const before = settledBefore === undefined ? clock.now() : new Date(settledBefore)
  const rows = await ordersAfter(db, { after, limit, settledBefore: before })
  return ok({ items: rows.map(figuresOf), last: rows.length < limit })
}

/** `kept` is what the shop has of the customer's money for it, in minor units. */
const figuresOf = ({ orderId, status, lines, currency, total, paid, refunded, settled }: Row) => ({
  ...{ orderId, status, currency, paid, settled },
  kept: paid ? total - refunded : 0,
  lines: summed(lines),
  returned: summed(lines.map(({ sku, returned = 0 }) => ({ sku, quantity: returned }))).filter(
    ({ quantity }) => quantity > 0,
  ),
})

async function violations({ db, clock }: Deps) {
  const now = clock.now()
  const [stuck, late] = await Promise.all([
    stuckOrders(
      db,
      hoursBefore(now, PENDING_HOURS),
      hoursBefore(now, DEADLINE_HOURS + PENDING_HOURS),
      MOST_VIOLATIONS,
    ),
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

export default http(ReportOrdersFigures, reportOrdersFigures)
