import { accepted, http, type Deps } from '#runtime/http'
import { cancel } from '../cancellation'
import { lockOwnOrder } from '../ownership'
import { problem } from '../problems'
import { CancelOrder } from './input'

/**
 * Cancels an order that has not been shipped, and gives back what was paid.
 *
 * Its customer may do so, and staff. Of a cancellation and a payment, a shipment or another cancellation at the same
 * moment one comes first, and the other finds what it left: an order is never both cancelled and kept.
 */
export async function cancelOrder({ id, reason }: CancelOrder, deps: Deps) {
  const { db, caller } = deps
  return db.transaction(async (tx) => {
    const { customerId } = await lockOwnOrder(tx, id, caller)
    const by = customerId === caller.id ? 'customer' : 'staff'
    const order = await cancel(tx, id, { reason, by }, deps)
    if (!order) throw problem('order-closed')
    return accepted({ orderId: id, status: order.status })
  })
}

export default http(CancelOrder, cancelOrder)
