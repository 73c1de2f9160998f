import { PriceChanged } from '#events/catalog/price-changed.v1/event'
import { ProductAdded } from '#events/catalog/product-added.v1/event'
import { ProductDescribed } from '#events/catalog/product-described.v1/event'
import { ProductRetired } from '#events/catalog/product-retired.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { learn } from './store'

/**
 * Learns what the catalogue sells and for how much.
 *
 * Every event of a product carries its version, and only a newer one changes the name or the price, so repeated and
 * reordered events end in the same copy. No inbox is needed.
 */
export async function learnProduct(
  product: ProductAdded | PriceChanged | ProductDescribed | ProductRetired,
  { db, event }: EventDeps,
) {
  const retired = event.type === ProductRetired.type
  await learn(db, {
    sku: product.sku,
    version: product.version,
    name: 'name' in product ? product.name : null,
    price: 'price' in product ? product.price : null,
    currency: 'currency' in product ? product.currency : null,
    retired,
  })
}

export default on([ProductAdded, PriceChanged, ProductDescribed, ProductRetired], learnProduct)
