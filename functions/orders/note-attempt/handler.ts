import { PaymentAwaited } from '#events/payments/payment-awaited.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { noteAttempt as note } from './store'

/**
 * Notes in an order that its payment is tried again.
 *
 * What was said of the try before is over, so an order does not show a decline while its customer waits for the next answer.
 * A try that is heard of after its own end, or after a later one, changes nothing.
 */
export async function noteAttempt({ orderId, attempt }: PaymentAwaited, { db, event, clock }: EventDeps) {
  if (attempt === undefined) return
  await db.once(event, async (tx) => note(tx, orderId, attempt, clock.now()))
}

export default on(PaymentAwaited, noteAttempt)
