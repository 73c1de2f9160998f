import { PaymentDeclined } from '#events/payments/payment-declined.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { noteStep } from '../progress'
import { noteDeclined } from './store'

/**
 * Notes in an order that a payment was declined.
 *
 * The order still awaits payment: its customer may try again until the deadline. A decline that arrives after a later
 * try began, or succeeded, changes nothing.
 */
export async function noteDecline({ orderId, attempt, reason }: PaymentDeclined, deps: EventDeps) {
  const { db, event, clock } = deps
  await db.once(event, async (tx) => {
    const noted = await noteDeclined(tx, orderId, { attempt, reason }, clock.now())
    if (noted)
      noteStep(tx, { orderId, status: 'awaiting-payment' }, 'payment-declined', deps, { attempt, reason })
  })
}

export default on(PaymentDeclined, noteDecline)
