import { http, ok, type Deps } from '#runtime/http'
import { reprice } from '../pricing'
import { problem } from '../problems'
import { openProductCache, type ProductCache } from '../product-cache'
import { discountOf, lockProduct, shownProduct } from '../stored-product'
import { ChangePrice } from './input'

type Ports = { products: ProductCache }

/**
 * Sets what a product costs without a discount.
 *
 * A discount that is running is taken off the new price; an amount in another currency than the new price's is not.
 * Setting the price that stands announces nothing, so a request may be repeated. Changes of one product happen one after
 * the other, the beginning and the end of its discount included.
 */
export async function changePrice({ sku, price, currency }: ChangePrice, deps: Deps & Ports) {
  const { db, clock, products } = deps
  const { version, product } = await db.transaction(async (tx) => {
    const before = await lockProduct(tx, sku)
    if (!before || before.retired) throw problem('unknown-product')
    if (before.listPrice === price && before.currency === currency) {
      return { version: before.version, product: await shownProduct(tx, sku) }
    }
    const discount = await discountOf(tx, sku)
    const running = discount?.state === 'running' ? discount : undefined
    const after = reprice(tx, before, { listPrice: price, currency, discount: running }, clock.now())
    return { version: after.version, product: await shownProduct(tx, sku) }
  })
  await products.forget(sku, { version })
  return ok(product)
}

export default http(ChangePrice, changePrice, { products: openProductCache })
