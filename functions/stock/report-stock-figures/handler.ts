import { http, ok, type Deps, type Reply } from '#runtime/http'
import { summed } from '../level'
import { ReportStockFigures } from './input'
import type { StockOfOrders, StockViolations, Violation } from './reply'
import { imbalances, MOST, ordersBetween, type Imbalance } from './store'

const MOST_VIOLATIONS = 100

/**
 * Reports the figures of stock by which the shop is audited.
 *
 * What cannot be right in stock alone is told as it is: a level that is not the sum of its movements, or that promises
 * something else than what is set aside for orders. The rest is told order by order, for others to compare.
 */
export async function reportViolations({ db }: Deps): Promise<Reply<StockViolations>> {
  const off = await imbalances(db, MOST_VIOLATIONS)
  return ok({ violations: off.flatMap(violationsOf) })
}

/** What stock has to do with each order of a range, as of now: what changed lately is not settled. */
export async function reportOrders(
  { after = '', until, settledBefore }: ReportStockFigures,
  { db, clock }: Deps,
): Promise<Reply<StockOfOrders>> {
  const before = settledBefore === undefined ? clock.now() : new Date(settledBefore)
  const rows = await ordersBetween(db, { after, until: until ?? null, settledBefore: before })
  const items = rows.map(({ orderId, state, lines, returned, settled }) => ({
    ...{ orderId, settled, lines: summed(lines), returned: summed(returned) },
    ...(state !== null && { state }),
  }))
  return ok({ items, complete: rows.length < MOST })
}

/** By differences: they stay the same while the shop goes on selling. */
function violationsOf({ sku, onHandExcess, reservedExcess, promisedExcess }: Imbalance): Violation[] {
  const found: Violation[] = []
  const say = (invariant: string, expected: string, actual: string) =>
    found.push({ invariant, about: sku, expected, actual })
  if (onHandExcess !== 0 || reservedExcess !== 0) {
    const actual = `${signed(onHandExcess)} on hand, ${signed(reservedExcess)} reserved`
    say('stock-of-item', 'a level that is the sum of its movements', actual)
  }
  if (promisedExcess !== 0) {
    say('promises-of-item', 'promised is what is set aside for orders', `${signed(promisedExcess)} promised`)
  }
  return found
}

const signed = (count: number) =>
  count > 0 ? `${count} too many` : count < 0 ? `${-count} too few` : 'right'

export default http(ReportStockFigures, (input, deps) =>
  deps.request.route === 'GET /v1/figures' ? reportViolations(deps) : reportOrders(input, deps),
)
