import { openCache, type Cache } from '#runtime/cache'
import type { Environment } from '#runtime/operation'
import { openAside, type Aside } from './aside'
import type { Product } from './product'

/** A product with the two versions that what is shown of it follows from: the catalogue's and that of its stock. */
export interface VersionedProduct {
  product: Product
  version: number
  availabilityVersion: number
}

/** What is known to be newer than any copy made before. */
export type News = Partial<Pick<VersionedProduct, 'version' | 'availabilityVersion'>>

/** The oldest that a shown product can be, whatever was lost on the way: 30 seconds. */
export const MOST_AGE_MS = 30_000

/** A copy lives for 20 to 27 seconds, so that many made at one moment do not end at one moment. */
const lifetime = () => 20_000 + Math.random() * 7_000
const FLOOR_MS = 2 * MOST_AGE_MS

/** KEYS: 1 the copy. ARGV: 1 and 2 its versions, 3 the product, 4 its milliseconds. What is older than news is not kept. */
const KEEP = `
local known = redis.call('HMGET', KEYS[1], 'version', 'availability')
if tonumber(known[1] or 0) > tonumber(ARGV[1]) or tonumber(known[2] or 0) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'availability', ARGV[2], 'product', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`

/** KEYS: 1 the copy. ARGV: 1 and 2 versions that there are now (0 says nothing), 3 for how long that is remembered. */
const FORGET = `
local stale, whole = false, redis.call('HEXISTS', KEYS[1], 'product') == 1
for i, field in ipairs({ 'version', 'availability' }) do
  if tonumber(redis.call('HGET', KEYS[1], field) or 0) < tonumber(ARGV[i]) then
    redis.call('HSET', KEYS[1], field, ARGV[i])
    stale = true
  end
end
if stale then redis.call('HDEL', KEYS[1], 'product') end
if stale or not whole then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1
`

/**
 * Copies of products in Redis, beside the database that decides.
 *
 * A copy ends with the news of a newer version, and by itself within `MOST_AGE_MS` of the moment it was read from the
 * database. News leave their version behind, so a read that began before a change cannot put the old product back after
 * it. Of many who miss a copy at once in one process one reads; while Redis is away everybody reads the database. Who looks
 * does not wait for Redis; who brings news does, since a copy that was not ended is shown for as long as it lives.
 */
export class ProductCache {
  constructor(
    private readonly aside: Aside,
    private readonly cache: Cache,
    private readonly name = 'catalog:product',
  ) {}

  /** The product as it was at most `MOST_AGE_MS` ago; one that is not there is asked for every time. */
  look(sku: string, read: () => Promise<VersionedProduct | undefined>): Promise<Product | undefined> {
    return this.aside.together(sku, () => this.#look(sku, read))
  }

  /** Ends a copy that is older than the news; answers whether Redis has heard. Copies end by themselves all the same. */
  async forget(sku: string, { version = 0, availabilityVersion = 0 }: News): Promise<boolean> {
    const args = [version, availabilityVersion, FLOOR_MS].map(String)
    return this.cache.eval<string[], number>(FORGET, [this.#keyOf(sku)], args).then(
      () => true,
      () => false,
    )
  }

  async #look(sku: string, read: () => Promise<VersionedProduct | undefined>): Promise<Product | undefined> {
    const copy = await this.aside.ask((cache) => cache.hget<string>(this.#keyOf(sku), 'product'))
    if (typeof copy === 'string') return JSON.parse(copy) as Product

    const began = performance.now()
    const found = await read()
    const left = Math.floor(lifetime() - (performance.now() - began))
    if (found && left > 0) await this.#keep(found, left)
    return found?.product
  }

  async #keep({ product, version, availabilityVersion }: VersionedProduct, left: number): Promise<void> {
    const args = [String(version), String(availabilityVersion), JSON.stringify(product), String(left)]
    await this.aside.ask((cache) => cache.eval(KEEP, [this.#keyOf(product.sku)], args))
  }

  #keyOf(sku: string): string {
    return `${this.name}:${sku}`
  }
}

/** The port of an operation that reads or changes products. */
export const openProductCache = (env: Environment): ProductCache =>
  new ProductCache(openAside(env), openCache(env))
