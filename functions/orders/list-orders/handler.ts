import { isStaff } from '#runtime/caller'
import { http, paged, type Deps } from '#runtime/http'
import { shown } from '../order'
import { ListOrders } from './input'
import { pageOfOrders } from './store'

/**
 * Lists a customer's orders, newest first.
 *
 * Staff see everybody's. Equal moments are told apart by id, so pages neither overlap nor miss an order.
 */
export async function listOrders({ page = 1, pageSize = 20, ...filter }: ListOrders, { db, caller }: Deps) {
  const customerId = isStaff(caller) ? null : caller.id
  const { orders, total } = await pageOfOrders(db, { ...filter, customerId }, { page, pageSize })
  return paged(orders.map(shown), total, { page, pageSize }, '/v1/orders', filter)
}

export default http(ListOrders, listOrders)
