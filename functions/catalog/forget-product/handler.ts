import { PriceChanged } from '#events/catalog/price-changed.v1/event'
import { ProductDescribed } from '#events/catalog/product-described.v1/event'
import { ProductRetired } from '#events/catalog/product-retired.v1/event'
import { ProductReviewed } from '#events/catalog/product-reviewed.v1/event'
import { StockLevelChanged } from '#events/stock/stock-level-changed.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { MOST_AGE_MS, openProductCache, type ProductCache } from '../product-cache'

type Ports = { products: ProductCache }
type Change = ProductDescribed | PriceChanged | ProductRetired | ProductReviewed | StockLevelChanged

/**
 * Ends the copy of a product that has changed.
 *
 * The operation that changed it has done so already, unless it was cut off or Redis was away. Only a copy that is older
 * than the event ends, and what it was older than is remembered, so repeated and reordered events do no harm. While Redis is
 * away the event is tried again, but not for longer than any copy lives.
 */
export async function forgetProduct({ sku, version }: Change, { products, event, clock }: EventDeps & Ports) {
  const isStock = event.type === StockLevelChanged.type
  const heard = await products.forget(sku, isStock ? { availabilityVersion: version } : { version })
  const age = clock.now().getTime() - Date.parse(event.time)
  if (!heard && !(age > MOST_AGE_MS)) throw new Error(`a copy of ${sku} may be stale: redis is not reachable`)
}

export default on(
  [ProductDescribed, PriceChanged, ProductRetired, ProductReviewed, StockLevelChanged],
  forgetProduct,
  {
    products: openProductCache,
  },
)
