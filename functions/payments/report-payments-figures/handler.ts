import { http, ok, type Deps } from '#runtime/http'
import { ReportPaymentsFigures } from './input'
import { MOST, paymentsBetween } from './store'

/**
 * Reports the figures of payments by which the shop is audited.
 *
 * Order by order: what was taken and what went back, as the order's row says and as its captures and refunds add up,
 * read as of one moment.
 */
export async function reportPaymentsFigures(
  { after = '', until, settledBefore }: ReportPaymentsFigures,
  deps: Deps,
) {
  const { db, clock } = deps
  const before = settledBefore === undefined ? clock.now() : new Date(settledBefore)
  const items = await paymentsBetween(db, { after, until: until ?? null, settledBefore: before })
  return ok({ items, complete: items.length < MOST })
}

export default http(ReportPaymentsFigures, reportPaymentsFigures)
