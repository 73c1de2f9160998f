import type { Queryable } from '#runtime/database'
import { PRODUCT_COLUMNS, type Product } from '../product'

/** The product of that SKU, unless it is retired. */
export async function productOnSale(db: Queryable, sku: string): Promise<Product | undefined> {
  const { rows } = await db.query<Product>(
    `select ${PRODUCT_COLUMNS} from products left join availability using (sku)
      where products.sku = $1 and retired_at is null`,
    [sku],
  )
  return rows[0]
}
