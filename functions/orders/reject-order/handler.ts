import { OrderRejected } from '#events/orders/order-rejected.v1/event'
import { StockExhausted } from '#events/stock/stock-exhausted.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { advance, noteStep } from '../progress'

/**
 * Rejects an order that there is not enough stock for.
 *
 * Nothing was set aside and nothing was charged, so nothing has to be undone.
 */
export async function rejectOrder({ orderId, shortages }: StockExhausted, deps: EventDeps) {
  const { db, event, clock } = deps
  await db.once(event, async (tx) => {
    const now = clock.now()
    const order = await advance(tx, orderId, 'rejected', {}, now)
    if (!order) return

    const skus = shortages.map(({ sku }) => sku)
    noteStep(tx, order, 'rejected', deps, { shortages })
    tx.emit(OrderRejected, { orderId, customerId: order.customerId, skus, rejectedAt: now.toISOString() })
  })
}

export default on(StockExhausted, rejectOrder)
