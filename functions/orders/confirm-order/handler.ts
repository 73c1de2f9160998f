import { OrderConfirmed } from '#events/orders/order-confirmed.v1/event'
import { PaymentCaptured } from '#events/payments/payment-captured.v1/event'
import type { Tx } from '#runtime/database'
import { on, type EventDeps } from '#runtime/on'
import { FOLLOWERS, type Order } from '../order'
import { advance, lockOrder, noteStep } from '../progress'
import { oweRefund } from '../refund'
import { noteLateCapture } from './store'

/**
 * Confirms an order that is paid, or gives back money that came too late.
 *
 * An order takes one capture, of what it costs. Any other, for an order that was cancelled or is paid already, or of another
 * amount, is money that is not ours and is refunded; an order that is off shows what becomes of it. A capture for an order we
 * do not know is a fault: it is tried again and then kept as a dead letter.
 */
export async function confirmOrder(payment: PaymentCaptured, deps: EventDeps) {
  const { orderId, chargeId, amount, currency } = payment
  const { db, event, clock } = deps
  await db.once(event, async (tx) => {
    const now = clock.now()
    const paid = { amount, currency }
    const change = { paymentStatus: 'captured', paymentReason: null, chargeId, paid } as const
    const order = await advance(tx, orderId, 'confirmed', change, now)
    if (!order) return refundUnlessPaidWith(tx, payment, deps)

    const { customerId, lines, total } = order
    noteStep(tx, order, 'confirmed', deps, paid)
    tx.emit(OrderConfirmed, { orderId, customerId, lines, total, currency, confirmedAt: now.toISOString() })
  })
}

async function refundUnlessPaidWith(tx: Tx, payment: PaymentCaptured, deps: EventDeps) {
  const { orderId, chargeId, amount, currency } = payment
  const order = await lockOrder(tx, orderId)
  if (!order) throw new Error(`money was captured for the order ${orderId}, which is not known here`)
  if (order.chargeId === chargeId) return

  const isFirst = order.chargeId === null
  if (isFirst && isAtItsEnd(order)) noteLateCapture(tx, orderId, chargeId, deps.clock.now())
  const lines = isFirst && isAtItsEnd(order) ? order.lines : []
  const refund = { chargeId, refundKey: `late/${chargeId}`, amount, currency, lines, reason: reasonOf(order) }
  await oweRefund(tx, order, refund, deps)
}

const isAtItsEnd = ({ status }: Order) => FOLLOWERS[status].length === 0

function reasonOf(order: Order): string {
  if (order.chargeId !== null) return 'The order was paid already.'
  return isAtItsEnd(order)
    ? `The order was ${order.status} when the payment arrived.`
    : 'Another amount was taken than the order costs.'
}

export default on(PaymentCaptured, confirmOrder)
