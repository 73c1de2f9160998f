import { isStaff } from '#runtime/caller'
import { http, ok, type Deps } from '#runtime/http'
import { shown } from '../order'
import { problem } from '../problems'
import { orderOf } from '../progress'
import { ViewOrder } from './input'

/**
 * Shows an order to its customer.
 *
 * Staff see every order. To anyone else another's order does not exist: 404, not 403, so that ids tell nothing.
 */
export async function viewOrder({ id }: ViewOrder, { db, caller }: Deps) {
  const order = await orderOf(db, id)
  if (!order || (order.customerId !== caller.id && !isStaff(caller))) throw problem('unknown-order')
  return ok(shown(order))
}

export default http(ViewOrder, viewOrder)
