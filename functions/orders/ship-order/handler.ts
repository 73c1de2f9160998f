import { OrderShipped } from '#events/orders/order-shipped.v1/event'
import { accepted, http, type Deps } from '#runtime/http'
import { deliver } from '../delivery'
import { summed } from '../order'
import { problem } from '../problems'
import { advance, lockOrder, noteStep } from '../progress'
import { ShipOrder } from './input'
import { earlyDelivery } from './store'

/**
 * Notes that a paid order has left the warehouse.
 *
 * From then on it can no longer be cancelled, and its stock is no longer ours. A carrier may have told of the delivery
 * before staff told of the shipment: then both are noted, one after the other.
 */
export async function shipOrder({ id, ...parcel }: ShipOrder, deps: Deps) {
  const { db, clock } = deps
  return db.transaction(async (tx) => {
    if (!(await lockOrder(tx, id))) throw problem('unknown-order')
    const now = clock.now()
    const order = await advance(tx, id, 'shipped', {}, now)
    if (!order) throw problem('order-closed')

    const { customerId, lines } = order
    noteStep(tx, order, 'shipped', deps, parcel)
    tx.emit(OrderShipped, {
      ...{ orderId: id, customerId, lines: summed(lines) },
      ...{ ...parcel, shippedAt: now.toISOString() },
    })
    const deliveredAt = await earlyDelivery(tx, id)
    const delivered = deliveredAt === null ? undefined : await deliver(tx, id, deliveredAt, deps)
    return accepted({ orderId: id, status: (delivered ?? order).status })
  })
}

export default http(ShipOrder, shipOrder)
