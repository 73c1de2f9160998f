import { http, ok, type Deps } from '#runtime/http'
import { summed } from '../order'
import { ReportOrdersFigures } from './input'
import { ordersAfter, type Row } from './store'
import { violations } from './violations'

/**
 * Reports the figures of orders by which the shop is audited.
 *
 * What cannot be right in orders alone is told as it is: an order that gets nowhere, money that does not go back. The
 * rest is told order by order, for others to compare: what each has of the stock, and what it has cost its customer.
 */
export async function reportViolations({ db, clock }: Deps) {
  return ok({ violations: await violations(db, clock.now()) })
}

/** What each order of a range has of the stock and of the money, as of now: what changed lately is not settled. */
export async function reportOrders(
  { after = '', limit = 200, settledBefore }: ReportOrdersFigures,
  { db, clock }: Deps,
) {
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

export default http(ReportOrdersFigures, (input, deps) =>
  deps.request.route === 'GET /v1/figures' ? reportViolations(deps) : reportOrders(input, deps),
)
