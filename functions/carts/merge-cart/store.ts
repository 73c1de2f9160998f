import type { Cache } from '#runtime/cache'
import { MOST_LINES, MOST_OF_ONE, unsellable, type StoredCart } from '../cart'
import type { Owner } from '../owner'
import { copiesOf } from '../products'
import { besideCart, cartScript, look, onCart, type Outcome } from '../stored-cart'

/** How a merge ended. */
export type Merged = 'merged' | 'currency-mismatch' | 'cart-full' | 'too-many'

/**
 * KEYS: 3 and 4 the guest's items and version. ARGV: 2 and 3 limits, 4 seconds that a guest's cart is kept, 5 how many
 * SKUs to drop from the customer's cart, from 6 those, then those to drop from the guest's. Everything is looked at before
 * anything is moved.
 *
 * A script on two carts needs a Redis that is not divided into slots, or has both here; every other script has one cart.
 */
const MERGE = cartScript(`
local theirs, about_theirs, dropped = KEYS[3], KEYS[4], tonumber(ARGV[5])
for i = 6, #ARGV do
  if i > 5 + dropped then
    if redis.call('HDEL', theirs, ARGV[i]) == 1 then redis.call('HINCRBY', about_theirs, 'version', 1) end
  elseif redis.call('HDEL', items, ARGV[i]) == 1 then changed() end
end

local moving = redis.call('HGETALL', theirs)
if #moving == 0 then return cart('merged') end

local lines = redis.call('HLEN', items)
local currency, other = redis.call('HGET', about, 'currency'), redis.call('HGET', about_theirs, 'currency')
if lines > 0 and currency ~= other then return cart('currency-mismatch') end
for i = 1, #moving, 2 do
  local had = quantity_of(moving[i])
  if had == 0 then lines = lines + 1 end
  if had + tonumber(moving[i + 1]) > tonumber(ARGV[3]) then return cart('too-many') end
end
if lines > tonumber(ARGV[2]) then return cart('cart-full') end

for i = 1, #moving, 2 do redis.call('HINCRBY', items, moving[i], moving[i + 1]) end
if other then redis.call('HSET', about, 'currency', other) end
changed()
redis.call('DEL', theirs)
redis.call('HDEL', about_theirs, 'currency')
redis.call('HINCRBY', about_theirs, 'version', 1)
redis.call('EXPIRE', about_theirs, ARGV[4])
return cart('merged')
`)

/**
 * Moves all that is in a guest's cart into a customer's. Lines that nobody can buy any more are invisible to their owner,
 * so they give way where they would be the reason for a no.
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
