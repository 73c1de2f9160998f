import { http, ok, type Deps } from '#runtime/http'
import { priced } from '../cart'
import { ownerOf, toOwner, unguessable, type NewToken } from '../owner'
import { EmptyCart } from './input'
import { empty } from './store'

type Ports = { newToken: NewToken }

/**
 * Takes everything out of a cart.
 *
 * Also what its owner does not see, because it is not sold at the moment. An empty cart is no mistake, and takes items of
 * any currency again.
 */
export async function emptyCart(_input: object, { cache, caller, newToken }: Deps & Ports) {
  const owner = ownerOf(caller, newToken)
  const { cart } = await empty(cache, owner)
  return toOwner(owner, ok(priced(cart, new Map())))
}

export default http(EmptyCart, emptyCart, { newToken: unguessable })
