import type { Cache } from '#runtime/cache'
import { hashOf } from '#runtime/idempotency'
import { MOST_LINES, MOST_OF_ONE, unsellable } from '../cart'
import type { Owner } from '../owner'
import { besideCart, cartScript, onCart, type Outcome } from '../stored-cart'

/** How an addition ended. */
export type Added = 'added' | 'replayed' | 'key-reused' | 'currency-mismatch' | 'cart-full' | 'too-many'

/** An addition that happens once, however often its request is sent. */
export interface Addition {
  sku: string
  quantity: number
  currency: string
  key: string
  /** Seconds for which the key is remembered. */
  keyKeptFor: number
}

/**
 * KEYS: 3 the request. ARGV: 2 SKU, 3 quantity, 4 currency, 5 and 6 limits, 7 and 8 request, from 9 SKUs to drop, which
 * count as if they were gone and go only if the addition is made.
 */
const ADD = cartScript(`
local request = redis.call('GET', KEYS[3])
if request then return cart(request == ARGV[7] and 'replayed' or 'key-reused') end

local sku, quantity, currency = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local kept, lines = lines_without(items, 9, #ARGV)
local had = kept[sku] or 0
if lines > 0 and (redis.call('HGET', about, 'currency') or currency) ~= currency then
  return cart('currency-mismatch')
end
if had == 0 and lines >= tonumber(ARGV[5]) then return cart('cart-full') end
if had + quantity > tonumber(ARGV[6]) then return cart('too-many') end

drop(9, #ARGV)
redis.call('HINCRBY', items, sku, quantity)
redis.call('HSET', about, 'currency', currency)
redis.call('SET', KEYS[3], ARGV[7], 'EX', ARGV[8])
changed()
return cart('added')
`)

/**
 * Adds to a line of the cart, or begins one. Lines that nobody can buy any more are invisible to their owner, so they
 * give way where they would be the reason for a no. A no changes nothing.
 */
export async function add(
  cache: Cache,
  owner: Owner,
  addition: Addition,
  skus: string[],
): Promise<Outcome<Added>> {
  const first = await tryToAdd(cache, owner, addition, skus, [])
  if (first.outcome !== 'currency-mismatch' && first.outcome !== 'cart-full') return first
  const inTheWay = unsellable(first.cart, first.products)
  return inTheWay.length > 0 ? tryToAdd(cache, owner, addition, skus, inTheWay) : first
}

function tryToAdd(cache: Cache, owner: Owner, addition: Addition, skus: string[], dropped: string[]) {
  const { sku, quantity, currency, key, keyKeptFor } = addition
  const request = [hashOf(sku, String(quantity)), keyKeptFor]
  return onCart<Added>(cache, owner, ADD, {
    keys: [besideCart(owner, `request:${hashOf(key)}`)],
    args: [sku, quantity, currency, MOST_LINES, MOST_OF_ONE, ...request, ...dropped],
    skus,
  })
}
