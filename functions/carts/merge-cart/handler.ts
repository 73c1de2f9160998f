import { http, ok, type Deps } from '#runtime/http'
import { MOST_LINES, MOST_OF_ONE } from '../cart'
import { guestOf, member } from '../owner'
import { ports, type Ports } from '../ports'
import { problem } from '../problems'
import { shown } from '../shown-cart'
import { MergeCart } from './input'
import { merge } from './store'

/**
 * Puts what a guest gathered into the cart of the customer that the guest turns out to be.
 *
 * Quantities of one item are added. The lines move: one script takes them out of the guest's cart and puts them into the
 * customer's, so whatever comes twice, late or at the same moment finds them in one of the two and never in both. A second
 * merge moves nothing and answers the cart as it is.
 *
 * The guest's cart is empty then, and its token stays good: what an open window still adds with it begins that cart anew,
 * apart from the customer's, whose it becomes by the next merge. It is all or nothing: a merge that there is no room for
 * leaves both carts as they are.
 */
export async function mergeCart(_input: object, deps: Deps & Ports) {
  const { cache, caller, request } = deps
  const guest = guestOf(request.headers['kiosk-cart'])
  if (!guest) throw problem('no-guest-cart')
  const { outcome, cart } = await merge(cache, member(caller.id), guest)
  if (outcome === 'currency-mismatch') throw problem(outcome, { cartCurrency: cart.currency })
  if (outcome === 'cart-full') throw problem(outcome, { most: MOST_LINES })
  if (outcome === 'too-many') throw problem(outcome, { most: MOST_OF_ONE })
  return ok(await shown(cart, deps))
}

export default http(MergeCart, mergeCart, ports)
