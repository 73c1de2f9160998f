import type { Cache } from '#runtime/cache'
import type { Owner } from '../owner'
import { cartScript, onCart, type Outcome } from '../stored-cart'

const EMPTY = cartScript(`
if redis.call('DEL', items) == 1 then changed() end
return cart('emptied')
`)

/** Takes every line out; the cart and its version stay. */
export const empty = (cache: Cache, owner: Owner): Promise<Outcome> => onCart(cache, owner, EMPTY)
