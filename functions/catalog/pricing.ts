import { PriceChanged } from '#events/catalog/price-changed.v1/event'
import type { Tx } from '#runtime/database'
import { discounted, type Discount } from './discount'
import type { LockedProduct } from './stored-product'

/** What a product shall cost from now on: its list price, and the discount that is running, if one is. */
export interface Pricing {
  listPrice: number
  currency: string
  discount: Pick<Discount, 'percentage' | 'amount' | 'currency'> | undefined
}

/**
 * Prices a locked product anew and announces it, with the product's next version: consumers tell by it which of two
 * prices is the newer, in whatever order they hear of them. Answers the product as it is now.
 */
export function reprice(
  tx: Tx,
  product: LockedProduct,
  { listPrice, currency, discount }: Pricing,
  at: Date,
): LockedProduct {
  const price = discount ? discounted(listPrice, currency, discount) : listPrice
  const { sku } = product
  const version = product.version + 1
  tx.write('update products set list_price = $2, price = $3, currency = $4, version = $5 where sku = $1', [
    ...[sku, listPrice, price],
    ...[currency, version],
  ])
  tx.emit(PriceChanged, { sku, price, listPrice, currency, version, changedAt: at.toISOString() })
  return { ...product, listPrice, price, currency, version }
}
