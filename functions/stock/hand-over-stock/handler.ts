import { OrderShipped } from '#events/orders/order-shipped.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { move } from '../ledger'
import { lockReserved } from '../reservations'
import { handOver, wasHandedOver } from './store'

/**
 * Takes out of stock what has left the warehouse with an order.
 *
 * Exactly what was set aside for it goes, once: from what is reserved and from what is on hand, so what can be bought
 * stays the same. A shipment of what was never set aside, or was freed, is a fault: it is tried again, in case the
 * order is yet to be heard of, and then kept as a dead letter.
 */
export async function handOverStock({ orderId }: OrderShipped, { db, event, clock }: EventDeps) {
  await db.once(event, async (tx) => {
    const at = clock.now()
    const [lines, levels] = await Promise.all([handOver(tx, orderId, at), lockReserved(tx, orderId)])
    if (!lines) {
      if (await wasHandedOver(tx, orderId)) return
      throw new Error(`the order ${orderId} was shipped, but nothing is set aside for it`)
    }
    const deltas = lines.map(({ sku, quantity }) => ({ sku, onHand: -quantity, reserved: -quantity }))
    move(tx, levels, { kind: 'handed-over', reference: orderId, deltas }, at)
  })
}

export default on(OrderShipped, handOverStock)
