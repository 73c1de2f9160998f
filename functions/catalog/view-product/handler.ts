import { http, ok, type Deps } from '#runtime/http'
import { problem } from '../problems'
import { ViewProduct } from './input'
import { productOnSale } from './store'

/**
 * Shows a product with its price of today and how many there are.
 *
 * A retired product is not shown: to a customer it is the same as one that never was.
 */
export async function viewProduct({ sku }: ViewProduct, { db }: Deps) {
  const product = await productOnSale(db, sku)
  if (!product) throw problem('unknown-product')
  return ok(product)
}

export default http(ViewProduct, viewProduct)
