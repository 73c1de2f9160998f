import type { Tx } from '#runtime/database'
import { PRODUCT_COLUMNS, type Product } from '../product'

/** Makes the category if none has that name or the slug that the name would get. */
export function ensureCategory(tx: Tx, name: string): void {
  tx.write(
    `insert into categories (slug, name, declared)
     select slug_of($1), $1, false where not exists (select from categories where lower(name) = lower($1))
         on conflict do nothing`,
    [name],
  )
}

/** Inserts a product whose category is there; undefined when its SKU is taken. */
export async function insertProduct(
  tx: Tx,
  { sku, name, description, category, price, currency }: Omit<Product, 'listPrice' | 'available'>,
  addedAt: Date,
): Promise<(Product & { version: number }) | undefined> {
  const { rows } = await tx.query<Product & { version: number }>(
    `with home as (
       select slug from categories where lower(name) = lower($4) or slug = slug_of($4)
        order by lower(name) = lower($4) desc limit 1
     ), products as (
       insert into products (sku, name, description, category, category_slug, list_price, price, currency, added_at)
       select $1, $2, $3, $4, slug, $5, $5, $6, $7 from home
           on conflict (sku) do nothing
       returning *
     )
     select ${PRODUCT_COLUMNS}, products.version from products left join availability using (sku)`,
    [sku, name, description, category, price, currency, addedAt],
  )
  return rows[0]
}
