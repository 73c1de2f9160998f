import type { Queryable, Tx } from '#runtime/database'
import type { Discount, DiscountState } from './discount'
import { PRODUCT_COLUMNS, shown, type Product, type ProductRow } from './product'

/** A product that nobody else changes until the transaction ends. */
export interface LockedProduct {
  sku: string
  name: string
  description: string
  category: string
  listPrice: number
  price: number
  currency: string
  version: number
  retired: boolean
}

/** What a statement selects from `products` to make a `LockedProduct`. */
export const LOCKED_COLUMNS = `products.sku, products.name, products.description, products.category,
  products.list_price as "listPrice", products.price, products.currency, products.version,
  products.retired_at is not null as retired`

/** The product of that SKU, retired or not; every change of a product begins with this lock. */
export async function lockProduct(tx: Tx, sku: string): Promise<LockedProduct | undefined> {
  const { rows } = await tx.query<LockedProduct>(
    `select ${LOCKED_COLUMNS} from products where sku = $1 for update`,
    [sku],
  )
  return rows[0]
}

/** The product as it is shown, after a change in the same transaction. */
export async function shownProduct(db: Queryable, sku: string): Promise<Product> {
  const { rows } = await db.query<ProductRow>(
    `select ${PRODUCT_COLUMNS} from products left join availability using (sku) where products.sku = $1`,
    [sku],
  )
  return shown(rows[0]!)
}

/** What a statement selects from `discounts` to make a `Discount` with its state. */
export const DISCOUNT_COLUMNS = `discounts.percentage, discounts.amount, discounts.currency as "discountCurrency",
  discounts.starts_at as "from", discounts.ends_at as "until", discounts.state`

/** A discount as a statement selects it beside a product, whose currency is another column. */
export type DiscountRow = Omit<Discount, 'currency'> & { discountCurrency: string; state: DiscountState }

/** The discount of a product, if it ever had one; the product is locked, so the discount stands still. */
export async function discountOf(
  tx: Tx,
  sku: string,
): Promise<(Discount & { state: DiscountState }) | undefined> {
  const { rows } = await tx.query<DiscountRow>(`select ${DISCOUNT_COLUMNS} from discounts where sku = $1`, [
    sku,
  ])
  const [row] = rows
  return row && { ...row, currency: row.discountCurrency }
}
