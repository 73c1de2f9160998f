import { OrderCancelled } from '#events/orders/order-cancelled.v1/event'
import { StockReleased } from '#events/stock/stock-released.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { move } from '../ledger'
import { lockReserved } from '../reservations'
import { release } from './store'

/**
 * Frees what was set aside for an order that is off.
 *
 * Exactly what was reserved is given back, once. If the cancellation overtakes the order, it leaves a row by which
 * reserve-stock knows that nothing is to be set aside any more.
 */
export async function releaseStock({ orderId }: OrderCancelled, { db, event, clock }: EventDeps) {
  await db.once(event, async (tx) => {
    const at = clock.now()
    const [lines, levels] = await Promise.all([release(tx, orderId, at), lockReserved(tx, orderId)])
    if (lines.length === 0) return

    const deltas = lines.map(({ sku, quantity }) => ({ sku, onHand: 0, reserved: -quantity }))
    move(tx, levels, { kind: 'released', reference: orderId, deltas }, at)
    tx.emit(StockReleased, { orderId, releasedAt: at.toISOString() })
  })
}

export default on(OrderCancelled, releaseStock)
