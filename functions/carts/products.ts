import type { Cache } from '#runtime/cache'
import type { Product, Products } from './cart'

/** Our copy of the catalogue: one hash, SKU -> copy as JSON. */
export const PRODUCTS = 'products'

/**
 * What is known of a product, part by part: events say different parts and arrive in any order, and of each part the
 * newest version stands. Version 0 is an answer of the catalogue, which any event outranks.
 */
export interface Copy {
  name?: { version: number; text: string }
  price?: { version: number; amount: number; currency: string }
  sale?: { version: number; ended: boolean }
}

const LEARN = `
local known = redis.call('HGET', KEYS[1], ARGV[1])
local copy = known and cjson.decode(known) or {}
for part, news in pairs(cjson.decode(ARGV[2])) do
  if not copy[part] or copy[part].version < news.version then copy[part] = news end
end
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(copy))
`

/** Takes what is news into our copy; doing so again, or in another order, ends in the same copy. */
export async function learn(cache: Cache, sku: string, news: Copy): Promise<void> {
  await cache.eval(LEARN, [PRODUCTS], [sku, JSON.stringify(news)])
}

/** Our copies of the given items. */
export async function copiesOf(cache: Cache, skus: string[]): Promise<Products> {
  if (skus.length === 0) return new Map()
  const [copies] = await cache
    .pipeline()
    .hmget(PRODUCTS, ...skus)
    .exec<[(string | null)[]]>()
  return copiesFrom(skus, copies)
}

/** Reads what HMGET answered. A copy with a part still missing is one not heard of. */
export function copiesFrom(skus: string[], copies: (string | null)[]): Products {
  const known = new Map<string, Product | null>()
  for (const [index, sku] of skus.entries()) {
    const { name, price, sale } = JSON.parse(copies[index] ?? '{}') as Copy
    if (sale?.ended) known.set(sku, null)
    else if (name && price) known.set(sku, { name: name.text, price: price.amount, currency: price.currency })
  }
  return known
}
