import { OrderAccepted } from '#events/orders/order-accepted.v1/event'
import { StockReserved } from '#events/stock/stock-reserved.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { advance, noteStep } from '../progress'

/**
 * Accepts an order whose stock is set aside, so that it can be paid.
 *
 * An order that was cancelled meanwhile stays cancelled: its cancellation gives the stock back.
 */
export async function acceptOrder({ orderId }: StockReserved, deps: EventDeps) {
  const { db, event, clock } = deps
  await db.once(event, async (tx) => {
    const now = clock.now()
    const order = await advance(tx, orderId, 'awaiting-payment', { paymentStatus: 'awaited' }, now)
    if (!order) return

    const { customerId, total, currency, paymentMethod } = order
    noteStep(tx, order, 'accepted', deps)
    tx.emit(OrderAccepted, {
      ...{ orderId, customerId, total, currency, acceptedAt: now.toISOString() },
      ...(paymentMethod !== null && { paymentMethod }),
    })
  })
}

export default on(StockReserved, acceptOrder)
