import type { Cache } from '#runtime/cache'
import type { Owner } from '../owner'
import { cartScript, onCart, type Outcome } from '../stored-cart'

/** How a change ended. */
export type Changed = 'changed' | 'not-in-cart'

/** ARGV: 2 SKU, 3 quantity. */
const CHANGE = cartScript(`
local sku, quantity = ARGV[2], tonumber(ARGV[3])
local had = quantity_of(sku)
if quantity == 0 then
  if redis.call('HDEL', items, sku) == 1 then changed() end
  return cart('changed')
end
if had == 0 then return cart('not-in-cart') end
if had ~= quantity then
  redis.call('HSET', items, sku, ARGV[3])
  changed()
end
return cart('changed')
`)

/** Sets the quantity of a line that is there, or takes the line out. */
export const change = (
  cache: Cache,
  owner: Owner,
  sku: string,
  quantity: number,
): Promise<Outcome<Changed>> => onCart(cache, owner, CHANGE, { args: [sku, quantity] })
