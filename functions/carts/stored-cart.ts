import type { Cache } from '#runtime/cache'
import type { Products, StoredCart } from './cart'
import type { Owner } from './owner'
import { copiesFrom, PRODUCTS } from './products'

/**
 * What every script of a cart begins with. Redis runs a script alone and whole, so that operations on one cart cannot
 * lose each other's work. Its keys share a hash tag, since a cluster runs a script on one slot only.
 *
 * KEYS: 1 SKU -> quantity, 2 version, currency and when it was begun, which tells it from one that Redis lost. ARGV: 1 seconds until an untouched cart is forgotten.
 * The answer is JSON text: a reply of flat lists would be told apart by position alone.
 */
const BEGINNING = `
local items, about, kept_for = KEYS[1], KEYS[2], ARGV[1]

local function changed()
  redis.call('HINCRBY', about, 'version', 1)
  if redis.call('HEXISTS', about, 'born') == 0 then
    redis.call('HSET', about, 'born', table.concat(redis.call('TIME'), '.'))
  end
end

local function quantity_of(sku)
  return tonumber(redis.call('HGET', items, sku) or 0)
end

-- The lines of a cart without those of the SKUs in ARGV that are to give way, and how many they are.
local function lines_without(key, first, last)
  local flat, lines, count = redis.call('HGETALL', key), {}, 0
  for i = 1, #flat, 2 do lines[flat[i]] = tonumber(flat[i + 1]) end
  for i = first, last do lines[ARGV[i]] = nil end
  for _ in pairs(lines) do count = count + 1 end
  return lines, count
end

local function drop(first, last)
  for i = first, last do redis.call('HDEL', items, ARGV[i]) end
end

local function cart(outcome)
  redis.call('EXPIRE', items, kept_for)
  redis.call('EXPIRE', about, kept_for)
  local flat, quantities = redis.call('HGETALL', items), {}
  for i = 1, #flat, 2 do quantities[flat[i]] = tonumber(flat[i + 1]) end
  return cjson.encode({
    outcome = outcome,
    version = tonumber(redis.call('HGET', about, 'version') or 0),
    born = redis.call('HGET', about, 'born'),
    currency = redis.call('HGET', about, 'currency'),
    quantities = quantities,
  })
end
`

/** A script of a cart; its body ends with `return cart('<outcome>')`. */
export const cartScript = (body: string): string => BEGINNING + body

/** Names what a cart keeps beside its items (an answered request, a handled event), in the cart's own slot. */
export const besideCart = (owner: Owner, what: string): string => `cart:{${owner.name}}:${what}`

export interface Outcome<O extends string = string> {
  outcome: O
  cart: StoredCart
  /** The copies that were asked for along with it. */
  products: Products
}

interface Run {
  /** From KEYS[3]. */
  keys?: string[]
  /** From ARGV[2]. */
  args?: (string | number)[]
  /** Items whose copies are read in the same round trip. */
  skus?: string[]
}

/** Runs a script on a cart: one round trip. */
export async function onCart<O extends string>(
  cache: Cache,
  owner: Owner,
  script: string,
  { keys = [], args = [], skus = [] }: Run = {},
): Promise<Outcome<O>> {
  const every = [besideCart(owner, 'items'), besideCart(owner, 'about'), ...keys]
  const batch = cache.pipeline().eval(script, every, [owner.keptFor, ...args])
  if (skus.length > 0) batch.hmget(PRODUCTS, ...skus)
  const [answer, copies = []] = await batch.exec<[string, (string | null)[]?]>()
  const { outcome, version, born, currency, quantities } = JSON.parse(answer) as Answer<O>
  const cart = {
    version,
    state: born ? `${born}-${version}` : undefined,
    currency: currency || null,
    quantities: new Map(Object.entries(quantities)),
  }
  return { outcome, cart, products: copiesFrom(skus, copies) }
}

interface Answer<O> {
  outcome: O
  version: number
  born: string | false
  currency: string | false
  quantities: Record<string, number>
}

const LOOK = cartScript(`return cart('seen')`)

/** What is in a cart; looking keeps it from being forgotten. */
export const look = (cache: Cache, owner: Owner, skus: string[] = []): Promise<Outcome> =>
  onCart(cache, owner, LOOK, { skus })
