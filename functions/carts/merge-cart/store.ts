import type { Cache } from '#runtime/cache'
import { MOST_LINES, MOST_OF_ONE, unsellable, type StoredCart } from '../cart'
import type { Owner } from '../owner'
import { copiesOf } from '../products'
import { besideCart, cartScript, look, onCart, type Outcome } from '../stored-cart'

/** How a merge ended. */
export type Merged = 'merged' | 'currency-mismatch' | 'cart-full' | 'too-many'

/**
 * KEYS: 3 and 4 the guest's items and version. ARGV: 2 and 3 limits, 4 seconds that a guest's cart is kept, 5 how many
 * SKUs to drop from the customer's cart, from 6 those, then those to drop from the guest's. What is to be dropped counts as
 * if it were gone; everything is looked at before anything is dropped or moved.
 *
 * A script on two carts needs a Redis that is not divided into slots, or has both here; every other script has one cart.
 */
const MERGE = cartScript(`
local theirs, about_theirs, last = KEYS[3], KEYS[4], 5 + tonumber(ARGV[5])
if redis.call('HLEN', theirs) == 0 then return cart('merged') end

local kept, lines = lines_without(items, 6, last)
local moving, others = lines_without(theirs, last + 1, #ARGV)
local currency, other = redis.call('HGET', about, 'currency'), redis.call('HGET', about_theirs, 'currency')
if lines > 0 and others > 0 and currency ~= other then return cart('currency-mismatch') end
for sku, quantity in pairs(moving) do
  if not kept[sku] then lines = lines + 1 end
  if (kept[sku] or 0) + quantity > tonumber(ARGV[3]) then return cart('too-many') end
end
if lines > tonumber(ARGV[2]) then return cart('cart-full') end

if others > 0 then
  drop(6, last)
  for sku, quantity in pairs(moving) do redis.call('HINCRBY', items, sku, quantity) end
  if other then redis.call('HSET', about, 'currency', other) end
  changed()
end
redis.call('DEL', theirs)
redis.call('HDEL', about_theirs, 'currency')
redis.call('HINCRBY', about_theirs, 'version', 1)
redis.call('EXPIRE', about_theirs, ARGV[4])
return cart('merged')
`)

/**
 * Moves all that is in a guest's cart into a customer's. Lines that nobody can buy any more are invisible to their owner,
 * so they give way where they would be the reason for a no. A no changes neither cart.
 */
export async function merge(cache: Cache, customer: Owner, guest: Owner): Promise<Outcome<Merged>> {
  const first = await tryToMerge(cache, customer, guest)
  if (first.outcome === 'merged') return first
  const { cart: other } = await look(cache, guest)
  const products = await copiesOf(cache, [...new Set([...skusOf(first.cart), ...skusOf(other)])])
  const inTheWay = [unsellable(first.cart, products), unsellable(other, products)] as const
  return inTheWay.flat().length > 0 ? tryToMerge(cache, customer, guest, ...inTheWay) : first
}

const skusOf = ({ quantities }: StoredCart) => [...quantities.keys()]

const tryToMerge = (
  cache: Cache,
  customer: Owner,
  guest: Owner,
  dropped: string[] = [],
  droppedOfGuest: string[] = [],
) =>
  onCart<Merged>(cache, customer, MERGE, {
    keys: [besideCart(guest, 'items'), besideCart(guest, 'about')],
    args: [MOST_LINES, MOST_OF_ONE, guest.keptFor, dropped.length, ...dropped, ...droppedOfGuest],
  })
