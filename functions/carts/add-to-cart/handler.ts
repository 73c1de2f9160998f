import { created, http, type Deps } from '#runtime/http'
import { requestProblem } from '#runtime/problem'
import { MOST_LINES, MOST_OF_ONE } from '../cart'
import { askedFor } from '../catalogue'
import { ownerOf, toOwner } from '../owner'
import { ports, type Ports } from '../ports'
import { problem } from '../problems'
import { shown } from '../shown-cart'
import { look } from '../stored-cart'
import { AddToCart } from './input'
import { add } from './store'

const DAY = 86_400
const MINUTE = 60

/**
 * Puts more of an item into a cart.
 *
 * Additions commute: of any number at the same moment none is lost, since each is one script that adds. The script
 * remembers the request, so an Idempotency-Key adds once in 24 hours; without one our own key keeps the Redis client
 * from adding twice when it sends a command again whose answer was lost.
 */
export async function addToCart({ sku, quantity }: AddToCart, deps: Deps & Ports) {
  const { cache, caller, ids, idempotencyKey, newToken } = deps
  const owner = ownerOf(caller, newToken)
  const before = await look(cache, owner, [sku])
  const product = before.products.has(sku) ? before.products.get(sku) : (await askedFor([sku], deps)).get(sku)
  if (!product) throw problem('unknown-sku', { sku })

  const key = idempotencyKey ?? ids.next()
  const keyKeptFor = idempotencyKey === undefined ? MINUTE : DAY
  const { currency } = product
  const seen = [...new Set([sku, ...before.cart.quantities.keys()])]
  const { outcome, cart, products } = await add(
    cache,
    owner,
    { sku, quantity, currency, key, keyKeptFor },
    seen,
  )
  if (outcome === 'key-reused') throw requestProblem('idempotency-key-reused')
  if (outcome === 'currency-mismatch') throw problem(outcome, { sku, currency, cartCurrency: cart.currency })
  if (outcome === 'cart-full') throw problem(outcome, { sku, most: MOST_LINES })
  if (outcome === 'too-many') throw problem(outcome, { sku, most: MOST_OF_ONE })

  const { headers, ...reply } = created('/v1/cart', await shown(cart, deps, products))
  const replayed = outcome === 'replayed' && idempotencyKey !== undefined
  return toOwner(owner, {
    ...reply,
    headers: { ...headers, ...(replayed && { 'Idempotent-Replayed': 'true' }) },
  })
}

export default http(AddToCart, addToCart, ports)
