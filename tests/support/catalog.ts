import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openCache, type Cache } from '#runtime/cache'
import type { Connections } from '#runtime/database'
import { Aside } from '../../functions/catalog/aside'
import { ProductCache } from '../../functions/catalog/product-cache'
import { Places } from '../../functions/catalog/search-products/places'
import { testCache } from './domain'
import { listening } from './door'

/** What a test says of a product; the rest does not matter to it. */
interface Told {
  name?: string
  description?: string
  category?: string
  /** Minor units. */
  price?: number
  listPrice?: number
  available?: number
  addedAt?: string
  retired?: boolean
}

/** The catalogue has a product, in a category that is made with it. */
export const product =
  (sku: string, told: Told = {}) =>
  async (db: Connections): Promise<void> => {
    const { name = `${sku} by name`, description = '', category = 'Things', price = 1000, available } = told
    const { listPrice = price, addedAt = '2026-02-01T10:00:00.000Z', retired = false } = told
    await shelf(category)(db)
    await db.query(
      `insert into products (sku, name, description, category, category_slug, list_price, price, currency, added_at, retired_at)
       select $1, $2, $3, name, slug, $5, $6, 'EUR', $7, case when $8 then now() end from categories where name = $4`,
      [sku, name, description, category, listPrice, price, addedAt, retired],
    )
    if (available === undefined) return
    await db.query('insert into availability (sku, available, version) values ($1, $2, 1)', [sku, available])
  }

/** There is a category, below another one if it is named; that one must be there. */
export const shelf =
  (name: string, { slug, parent }: { slug?: string; parent?: string } = {}) =>
  async (db: Connections): Promise<void> => {
    await db.query(
      `insert into categories (slug, name, parent, declared)
       values (coalesce($2, slug_of($1)), $1, (select slug from categories where name = $3), true)
       on conflict do nothing`,
      [name, slug ?? null, parent ?? null],
    )
  }

/** A product has a discount, as of its row; its price is the test's to say. */
export const discount =
  (
    sku: string,
    told: { percentage?: number; amount?: number; from: string; until: string; state?: string },
  ) =>
  async (db: Connections): Promise<void> => {
    const { percentage = null, amount = null, from, until, state = 'awaited' } = told
    await db.query(
      `insert into discounts (sku, percentage, amount, currency, starts_at, ends_at, state)
       values ($1, $2, $3, 'EUR', $4, $5, $6)`,
      [sku, percentage, amount, from, until, state],
    )
  }

/** A customer has received something. */
export const received =
  (customerId: string, ...skus: string[]) =>
  async (db: Connections): Promise<void> => {
    await db.query(
      `insert into received (customer_id, sku, delivered_at) select $1, sku, now() from unnest($2::text[]) as sku`,
      [customerId, skus],
    )
  }

/** A place of one test's own in the run's Redis. */
export const place = (): string => `test:${randomBytes(6).toString('hex')}`

/** The copies of products as one process of the shop sees them; processes that share a place share the copies. */
export const productCache = (name = place(), cache: Cache = testCache()): ProductCache =>
  new ProductCache(new Aside(cache), cache, name)

/** The places of searches as one process of the shop remembers them. */
export const searchPlaces = (name = place(), cache: Cache = testCache()): Places =>
  new Places(new Aside(cache), name)

/** A Redis that takes connections and never answers. */
export async function silentCache(timeoutMs = 150) {
  const server = createServer(() => undefined)
  await listening(server)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  const env = { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: 'none' }
  return { cache: openCache(env, { timeoutMs, failures: 1 }), close }
}
