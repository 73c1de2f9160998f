import type { Connections } from '#runtime/database'

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
