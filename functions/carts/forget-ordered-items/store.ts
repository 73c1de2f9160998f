import type { Cache } from '#runtime/cache'
import type { Occurrence } from '#runtime/database'
import { hashOf } from '#runtime/idempotency'
import { member } from '../owner'
import { besideCart, cartScript, onCart } from '../stored-cart'

/** Seconds: longer than any broker or redrive brings an event back. */
const EVENT_KEPT_FOR = 30 * 86_400

/** KEYS: 3 the event. ARGV: 2 seconds to remember it, then SKU and quantity of each ordered line. */
const FORGET = cartScript(`
if not redis.call('SET', KEYS[3], '1', 'NX', 'EX', ARGV[2]) then return cart('known') end

local less = false
for i = 3, #ARGV, 2 do
  local sku, ordered = ARGV[i], ARGV[i + 1]
  local had = quantity_of(sku)
  if had > tonumber(ordered) then redis.call('HINCRBY', items, sku, '-' .. ordered)
  elseif had > 0 then redis.call('HDEL', items, sku) end
  less = less or had > 0
end
if less then changed() end
return cart('forgotten')
`)

/** Takes ordered quantities out of a customer's cart, never below nothing, and once for an event. */
export async function forget(
  cache: Cache,
  { source, id }: Occurrence,
  customerId: string,
  lines: readonly { sku: string; quantity: number }[],
): Promise<void> {
  const owner = member(customerId)
  await onCart(cache, owner, FORGET, {
    keys: [besideCart(owner, `event:${hashOf(source, id)}`)],
    args: [EVENT_KEPT_FOR, ...lines.flatMap(({ sku, quantity }) => [sku, quantity])],
  })
}
