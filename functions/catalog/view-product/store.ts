import type { Queryable } from '#runtime/database'
import { PRODUCT_COLUMNS, shown, type ProductRow } from '../product'
import type { VersionedProduct } from '../product-cache'

/** The product of that SKU, unless it is retired. */
export async function productOnSale(db: Queryable, sku: string): Promise<VersionedProduct | undefined> {
  const { rows } = await db.query<ProductRow & Omit<VersionedProduct, 'product'>>(
    `select ${PRODUCT_COLUMNS}, products.version,
            coalesce(availability.version, 0) as "availabilityVersion"
       from products left join availability using (sku)
      where products.sku = $1 and retired_at is null`,
    [sku],
  )
  const [row] = rows
  if (!row) return undefined
  const { version, availabilityVersion } = row
  return { product: shown(row), version, availabilityVersion }
}
