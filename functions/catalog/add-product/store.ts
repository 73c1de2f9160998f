import type { Tx } from '#runtime/database'
import { PRODUCT_COLUMNS, type Product, type ProductRow } from '../product'
import { homeOf } from '../stored-category'

/** Inserts a product whose category is there; undefined when its SKU is taken. */
export async function insertProduct(
  tx: Tx,
  {
    sku,
    name,
    description,
    category,
    price,
    currency,
  }: Omit<Product, 'listPrice' | 'available' | 'rating' | 'reviews'>,
  addedAt: Date,
): Promise<(ProductRow & { version: number }) | undefined> {
  const { rows } = await tx.query<ProductRow & { version: number }>(
    `with home as (
       ${homeOf(4)}
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
