import { http, ok, type Deps } from '#runtime/http'
import { ownerOf, toOwner } from '../owner'
import { ports, type Ports } from '../ports'
import { shown } from '../shown-cart'
import { RemoveFromCart } from './input'
import { remove } from './store'

/**
 * Takes an item out of a cart.
 *
 * An item that is not in it is no mistake: whoever asks twice, or from two windows, wants it gone, and it is.
 */
export async function removeFromCart({ sku }: RemoveFromCart, deps: Deps & Ports) {
  const owner = ownerOf(deps.caller, deps.newToken)
  const { cart } = await remove(deps.cache, owner, sku)
  return toOwner(owner, ok(await shown(cart, deps)))
}

export default http(RemoveFromCart, removeFromCart, ports)
