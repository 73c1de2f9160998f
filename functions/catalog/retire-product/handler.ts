import { ProductRetired } from '#events/catalog/product-retired.v1/event'
import { http, noContent, type Deps } from '#runtime/http'
import { problem } from '../problems'
import { openProductCache, type ProductCache } from '../product-cache'
import { lockProduct } from '../stored-product'
import { RetireProduct } from './input'
import { retire } from './store'

type Ports = { products: ProductCache }

/**
 * Takes a product off sale for good.
 *
 * It is not shown, found, priced or reviewed any more, and its SKU is not given again; orders that have it keep it.
 * Retiring it again is the same request and announces nothing.
 */
export async function retireProduct({ sku }: RetireProduct, { db, clock, products }: Deps & Ports) {
  const version = await db.transaction(async (tx) => {
    const product = await lockProduct(tx, sku)
    if (!product) throw problem('unknown-product')
    if (product.retired) return product.version

    const next = product.version + 1
    retire(tx, sku, next, clock.now())
    tx.emit(ProductRetired, { sku, version: next, retiredAt: clock.now().toISOString() })
    return next
  })
  await products.forget(sku, { version })
  return noContent()
}

export default http(RetireProduct, retireProduct, { products: openProductCache })
