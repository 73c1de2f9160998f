import { http, ok, type Deps } from '#runtime/http'
import { summed } from '../level'
import { ReportStockFigures } from './input'
import { imbalances, MOST, ordersBetween, type Imbalance } from './store'

const MOST_VIOLATIONS = 100

/**
 * Reports the figures of stock by which the shop is audited.
 *
 * What cannot be right in stock alone is told as it is: a level that is not the sum of its movements, or that promises
 * something else than what is set aside for orders. The rest is told order by order, for others to compare.
 */
export async function reportStockFigures(
  { after = '', until, settledBefore }: ReportStockFigures,
  deps: Deps,
) {
  const { db, request, clock } = deps
  if (!request.route.endsWith('/orders')) {
    const off = await imbalances(db, MOST_VIOLATIONS)
    return ok({ violations: off.flatMap(violationsOf) })
  }
  const before = settledBefore === undefined ? clock.now() : new Date(settledBefore)
  const rows = await ordersBetween(db, { after, until: until ?? null, settledBefore: before })
  return ok({
    items: rows.map(({ orderId, state, lines, returned, settled }) => ({
      ...{ orderId, settled, lines: summed(lines), returned: summed(returned) },
      ...(state !== null && { state }),
    })),
    complete: rows.length < MOST,
  })
}

/** By differences: they stay the same while the shop goes on selling. */
function violationsOf({ sku: about, onHandExcess, reservedExcess, promisedExcess }: Imbalance) {
  const movements = {
    invariant: 'stock-of-item',
    about,
    expected: 'a level that is the sum of its movements',
  }
  const promises = {
    invariant: 'promises-of-item',
    about,
    expected: 'promised is what is set aside for orders',
  }
  return [
    ...(onHandExcess !== 0 || reservedExcess !== 0
      ? [{ ...movements, actual: `${signed(onHandExcess)} on hand, ${signed(reservedExcess)} reserved` }]
      : []),
    ...(promisedExcess !== 0 ? [{ ...promises, actual: `${signed(promisedExcess)} promised` }] : []),
  ]
}

const signed = (count: number) =>
  count > 0 ? `${count} too many` : count < 0 ? `${-count} too few` : 'right'

export default http(ReportStockFigures, reportStockFigures)
