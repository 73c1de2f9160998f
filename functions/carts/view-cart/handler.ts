import { http, ok, type Deps } from '#runtime/http'
import { ownerOf, toOwner } from '../owner'
import { ports, type Ports } from '../ports'
import { shown } from '../shown-cart'
import { look } from '../stored-cart'
import { ViewCart } from './input'

/**
 * Shows a cart at the prices of now.
 *
 * The cart holds quantities only, so a changed price is seen at once. An item that is no longer sold is left out, but
 * stays in the cart: it is back when it is sold again. A guest who comes without a cart gets one.
 */
export async function viewCart(_input: object, deps: Deps & Ports) {
  const owner = ownerOf(deps.caller, deps.newToken)
  const { cart } = await look(deps.cache, owner)
  const name = deps.caller.kind === 'member' ? cart.state : undefined
  return toOwner(owner, ok(await shown(cart, deps), name === undefined ? {} : { [STATE_HEADER]: name }))
}

/** What a customer's cart is now has a name, by which place-order turns it into an order once. */
const STATE_HEADER = 'Kiosk-Cart-State'

export default http(ViewCart, viewCart, ports)
