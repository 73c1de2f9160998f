import type { GatewayRefund } from '../payment'
import { refundOf, settleRefund } from '../refunds'
import type { CompareDeps, Outcome } from './compare'
import { keepFinding } from './comparisons'
import { isOrder } from './known-order'
import { isCaptureKnown, isPaymentKnown, learnRefund } from './books'

/** As `refunds.key` is made. */
const REFERENCE = /^refund\/([^/]{2,64})\/(.+)$/

/** Of a charge that was given back because nobody knows its order. */
const STRAY = /^stray\//

/**
 * Puts a refund of the gateway on our books, as its notice would; one of a charge that we do not know is right as it is
 * when that charge's order is nobody's, and waits for that charge otherwise.
 */
export async function compareRefund(
  answer: GatewayRefund,
  comparison: string,
  deps: CompareDeps,
): Promise<Outcome> {
  const { db, clock, orders } = deps
  const { id, status, reference, chargeId, amount, currency } = answer
  const now = clock.now()
  if (status === 'failed' || STRAY.test(reference)) return 'right'
  const [, orderId, refundKey] = REFERENCE.exec(reference) ?? []
  if (orderId === undefined || refundKey === undefined) {
    await keepFinding(db, comparison, { id, kind: 'foreign', reference, amount, currency }, 'done', now)
    return 'right'
  }
  if ((await refundOf(db, reference))?.state === 'refunded') return 'right'
  if (!(await isCaptureKnown(db, chargeId, orderId))) {
    const isOurs = (await isPaymentKnown(db, orderId)) || (await isOrder(orders, orderId))
    return isOurs ? 'waits' : 'right'
  }
  await db.transaction(async (tx) => {
    await learnRefund(tx, { orderId, refundKey, chargeId, amount, currency }, now)
    const refund = await refundOf(tx, reference)
    await settleRefund(tx, refund!, answer, now)
    const found = { id, kind: 'refunded', reference, orderId, amount, currency } as const
    if (status === 'refunded') await keepFinding(tx, comparison, found, 'done', now)
  })
  return 'right'
}
