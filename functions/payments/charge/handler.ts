import { OrderAccepted } from '#events/orders/order-accepted.v1/event'
import { PaymentAwaited } from '#events/payments/payment-awaited.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { paymentGateway, type Gateway } from '../gateway'
import { learnPayment } from '../learn'
import { isOpen } from '../payment'
import { settle } from '../settle'
import { firstAttempt } from './store'

type Deps = EventDeps & { gateway: Gateway }

/**
 * Takes the money for an order whose stock is set aside, or waits for its customer to pay.
 *
 * The try is recorded before the gateway is asked, and the gateway is asked outside any transaction with the try's own
 * key: after a crash at any point a redelivered event asks again and gets the first answer. A decline is an answer,
 * not a failure. When the gateway gives none, the event is delivered again.
 */
export async function charge(order: OrderAccepted, deps: Deps) {
  const { db, event, clock, gateway } = deps
  const { orderId, customerId, total: amount, currency, paymentMethod: method } = order
  const payment = { orderId, customerId, amount, currency }
  const awaited = () => ({ ...payment, awaitedAt: clock.now().toISOString() })

  if (method === undefined) {
    await db.once(event, async (tx) => {
      if (await learnPayment(tx, payment, clock.now())) tx.emit(PaymentAwaited, awaited())
    })
    return
  }

  const attempt = await firstAttempt(db, payment, method, clock.now())
  if (!attempt || !isOpen(attempt)) return

  const answer = await gateway.charge(attempt)
  await db.once(event, async (tx) => {
    const moved = await settle(tx, attempt, answer, clock.now())
    if (moved && answer.status === 'pending')
      tx.emit(PaymentAwaited, { ...awaited(), attempt: attempt.attempt })
  })
}

export default on(OrderAccepted, charge, { gateway: paymentGateway })
