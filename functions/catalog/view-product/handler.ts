import { http, ok, type Deps } from '#runtime/http'
import { problem } from '../problems'
import { openProductCache, type ProductCache } from '../product-cache'
import { ViewProduct } from './input'
import { productOnSale } from './store'

type Ports = { products: ProductCache }

/**
 * Shows a product with its price of today and how many there are.
 *
 * It comes from a copy in Redis where there is one. A copy is at most 30 seconds old and ends at once when the product
 * changes; without Redis the database answers. A retired product is not shown: to a customer it is the same as one that
 * never was.
 */
export async function viewProduct({ sku }: ViewProduct, { db, products }: Deps & Ports) {
  const product = await products.look(sku, () => productOnSale(db, sku))
  if (!product) throw problem('unknown-product')
  return ok(product)
}

export default http(ViewProduct, viewProduct, { products: openProductCache })
