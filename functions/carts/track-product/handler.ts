import { PriceChanged } from '#events/catalog/price-changed.v1/event'
import { ProductAdded } from '#events/catalog/product-added.v1/event'
import { ProductDescribed } from '#events/catalog/product-described.v1/event'
import { ProductRetired } from '#events/catalog/product-retired.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { learn, type Copy } from '../products'

type Heard = ProductAdded | PriceChanged | ProductDescribed | ProductRetired

/**
 * Keeps the carts' copy of what the catalogue sells.
 *
 * Every event carries its product's version, and of each part (name, price, whether it is sold) the newest stands, so
 * repeated and reordered events end in the same copy. No inbox is needed.
 */
export async function trackProduct(product: Heard, { cache, event }: EventDeps) {
  await learn(cache, product.sku, newsOf(product, event.type === ProductRetired.type))
}

function newsOf(product: Heard, ended: boolean): Copy {
  const { version } = product
  return {
    ...('name' in product && { name: { version, text: product.name } }),
    ...('price' in product && { price: { version, amount: product.price, currency: product.currency } }),
    ...((ended || 'name' in product) && { sale: { version, ended } }),
  }
}

export default on([ProductAdded, PriceChanged, ProductDescribed, ProductRetired], trackProduct)
