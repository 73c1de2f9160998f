import { http, ok, type Deps } from '#runtime/http'
import { ReportSales } from './input'
import { salesOf, type Sums } from './store'

/**
 * Reports what was sold, what of it was given back, and what remains.
 *
 * A sale is an order that was paid, counted when it was placed; what was given back is counted where its sale is, so
 * the report of a day changes when something of that day comes back. Each currency has figures of its own.
 */
export async function reportSales({ from, until, by = 'day' }: ReportSales, { db }: Deps) {
  const { items, totals } = await salesOf(db, { from, until, by })
  return ok({
    by,
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    items: items.map(withNet),
    totals: totals.map(withNet),
  })
}

const withNet = <S extends Sums>(sums: S) => ({ ...sums, net: sums.gross - sums.refunded })

export default http(ReportSales, reportSales)
