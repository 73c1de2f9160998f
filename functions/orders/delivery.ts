import { OrderDelivered } from '#events/orders/order-delivered.v1/event'
import type { Tx } from '#runtime/database'
import type { Deps } from '#runtime/function'
import { summed, type Order } from './order'
import { advance, noteStep } from './progress'

/** Notes that a shipped order has reached its customer; undefined when the order is not on its way. */
export async function deliver(
  tx: Tx,
  orderId: string,
  deliveredAt: string,
  deps: Pick<Deps, 'clock' | 'trace'>,
): Promise<Order | undefined> {
  const order = await advance(tx, orderId, 'delivered', {}, deps.clock.now())
  if (!order) return undefined

  const { customerId, lines } = order
  noteStep(tx, order, 'delivered', deps, { deliveredAt })
  tx.emit(OrderDelivered, { orderId, customerId, lines: summed(lines), deliveredAt })
  return order
}
