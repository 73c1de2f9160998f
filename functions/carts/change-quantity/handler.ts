import { http, ok, type Deps } from '#runtime/http'
import { ownerOf, toOwner } from '../owner'
import { ports, type Ports } from '../ports'
import { problem } from '../problems'
import { copiesOf } from '../products'
import { shown } from '../shown-cart'
import { ChangeQuantity } from './input'
import { change } from './store'

/**
 * Changes how many of an item are in a cart.
 *
 * The quantity is set, not added, so asking twice is asking once. It changes a line and begins none: a window that was
 * left open would put back what was taken out, or ordered, in another. A line with nothing left of it is taken out, and
 * taking out what is not there is no mistake. What is sold no more can be taken out only.
 */
export async function changeQuantity({ sku, quantity }: ChangeQuantity, deps: Deps & Ports) {
  const { cache, caller, newToken } = deps
  const owner = ownerOf(caller, newToken)
  if (quantity > 0) {
    const copies = await copiesOf(cache, [sku])
    if (copies.get(sku) === null) throw problem('unknown-sku', { sku })
  }
  const { outcome, cart } = await change(cache, owner, sku, quantity)
  if (outcome === 'not-in-cart') throw problem(outcome, { sku })
  return toOwner(owner, ok(await shown(cart, deps)))
}

export default http(ChangeQuantity, changeQuantity, ports)
