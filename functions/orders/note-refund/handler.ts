import { PaymentRefunded } from '#events/payments/payment-refunded.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { lockOrder, noteStep } from '../progress'
import { keepRefunded, showRefunded } from './store'

/**
 * Notes in an order that money has gone back to its customer.
 *
 * What the order shows is the sum of the refunds it knows, each counted once by its key, so neither repetition nor
 * another order of arrival changes it. A refund for an order we do not know is a fault: it is tried again and then kept
 * as a dead letter.
 */
export async function noteRefund(refund: PaymentRefunded, deps: EventDeps) {
  const { orderId, amount, currency } = refund
  const { db, event, clock } = deps
  await db.once(event, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (!order) throw new Error(`money went back for the order ${orderId}, which is not known here`)

    const now = clock.now()
    if (!(await keepRefunded(tx, refund, now))) return
    showRefunded(tx, orderId, now)
    noteStep(tx, order, 'refunded', deps, { amount, currency })
  })
}

export default on(PaymentRefunded, noteRefund)
