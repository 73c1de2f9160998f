import { OrderDelivered } from '#events/orders/order-delivered.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { learnReceived } from './store'

/**
 * Learns who has received what, so that they may review it.
 *
 * Whoever received a product once has received it for good, so repeated and reordered events end in the same copy and no
 * inbox is needed; of several deliveries the first is kept.
 */
export async function learnDelivery({ customerId, lines, deliveredAt }: OrderDelivered, { db }: EventDeps) {
  const skus = [...new Set(lines.map(({ sku }) => sku))].sort()
  await learnReceived(db, customerId, skus, deliveredAt)
}

export default on(OrderDelivered, learnDelivery)
