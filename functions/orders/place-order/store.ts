import type { Queryable, Tx } from '#runtime/database'
import type { Order, Product } from '../order'

/** What the given items are called and cost now; one we have not heard of is absent, a retired one is undefined. */
export async function productsOf(db: Queryable, skus: string[]): Promise<Map<string, Product | undefined>> {
  const { rows } = await db.query<Product & { retired: boolean }>(
    `select sku, name, price, currency, retired from products
      where sku = any($1) and (retired or (name is not null and price is not null))`,
    [skus],
  )
  return new Map(rows.map(({ retired, ...product }) => [product.sku, retired ? undefined : product]))
}

/** `cartState` names what was ordered of a cart; the database takes each once. */
export function insertOrder(tx: Tx, order: Order, cartState: string | null): void {
  tx.write(
    `insert into orders (id, customer_id, status, lines, total, currency, shipping_address, payment_method,
                         payment_status, placed_at, changed_at, cart_state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)`,
    [
      order.orderId,
      order.customerId,
      order.status,
      JSON.stringify(order.lines),
      order.total,
      order.currency,
      JSON.stringify(order.shippingAddress),
      order.paymentMethod,
      order.paymentStatus,
      order.placedAt,
      cartState,
    ],
  )
}

/** True for the error of a transaction that ordered a cart which another has ordered just as it is. */
export const isOrderedAlready = (error: unknown): boolean => {
  const { code, constraint } = error as { code?: string; constraint?: string }
  return code === '23505' && constraint === 'orders_of_cart_state'
}
