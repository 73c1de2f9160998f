import type { Cache } from '#runtime/cache'
import type { Owner } from '../owner'
import { cartScript, onCart, type Outcome } from '../stored-cart'

/** ARGV: 2 SKU. */
const REMOVE = cartScript(`
if redis.call('HDEL', items, ARGV[2]) == 1 then changed() end
return cart('removed')
`)

/** Takes a line out, all of it; one that is not there stays away. */
export const remove = (cache: Cache, owner: Owner, sku: string): Promise<Outcome> =>
  onCart(cache, owner, REMOVE, { args: [sku] })
