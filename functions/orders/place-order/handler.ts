import { OrderPlaced } from '#events/orders/order-placed.v1/event'
import { created, http, type Deps } from '#runtime/http'
import { peer, type Peer } from '#runtime/peer'
import { summed, totalOf } from '../order'
import { problem } from '../problems'
import { noteStep } from '../progress'
import { cartOf, listed, priceLines } from './lines'
import { PlaceOrder } from './input'
import { newOrder } from './new-order'
import { insertOrder, isOrderedAlready } from './store'

type Ports = { viewCart: Peer; viewProduct: Peer }

/**
 * Turns the lines a customer confirmed into an order.
 *
 * Prices come from our own copy of the catalogue, never from the request: a customer confirms a total, but does not
 * set one. The order, its event and the answer to its Idempotency-Key commit together and in one round trip, so an
 * announced order always exists and a repeated request finds the first one's answer. A cart is ordered once as it is: of two
 * who order the same state of it, as a double click does, the second finds nothing to order.
 */
export async function placeOrder(input: PlaceOrder, deps: Deps & Ports) {
  const { db, caller, clock, ids, request, viewCart, viewProduct } = deps
  const wish = input.lines ? listed(input.lines) : await cartOf(viewCart, request.headers)
  const wanted = summed(wish.wanted)
  if (wanted.length === 0) throw problem('nothing-to-order')

  const lines = await priceLines(db, wanted, input, viewProduct)
  const total = totalOf(lines)
  const { currency, confirmedTotal } = input
  if (total !== confirmedTotal) throw problem('price-changed', { total, currency })

  const [orderId, customerId, placedAt] = [ids.next(), caller.id, clock.now()]
  const order = newOrder(input, { orderId, customerId, lines, total, placedAt })
  const placed = db.transaction(async (tx) => {
    insertOrder(tx, order, wish.cartState)
    noteStep(tx, order, 'placed', deps, { total, currency })
    tx.emit(OrderPlaced, {
      ...{ orderId, customerId, lines, total, currency, placedAt: placedAt.toISOString() },
      ...(order.paymentMethod !== null && { paymentMethod: order.paymentMethod }),
    })
    return created(`/v1/orders/${orderId}`, { orderId, status: order.status, total, currency })
  })
  return placed.catch((error: unknown) => {
    throw isOrderedAlready(error) ? problem('nothing-to-order') : error
  })
}

export default http(PlaceOrder, placeOrder, {
  viewCart: peer('view-cart'),
  viewProduct: peer('view-product'),
})
