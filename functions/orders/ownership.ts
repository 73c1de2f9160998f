import { isStaff, type Caller } from '#runtime/caller'
import type { Tx } from '#runtime/database'
import type { Order } from './order'
import { problem } from './problems'
import { lockOrder } from './progress'

/**
 * The order that a caller wants to change, locked until the transaction ends. It is its customer's or staff's to change;
 * to anyone else it does not exist: 404, not 403, so that ids tell nothing.
 */
export async function lockOwnOrder(tx: Tx, orderId: string, caller: Caller): Promise<Order> {
  const order = await lockOrder(tx, orderId)
  if (!order || (order.customerId !== caller.id && !isStaff(caller))) throw problem('unknown-order')
  return order
}
