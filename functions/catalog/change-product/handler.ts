import { ProductDescribed } from '#events/catalog/product-described.v1/event'
import { http, ok, type Deps } from '#runtime/http'
import { problem } from '../problems'
import { openProductCache, type ProductCache } from '../product-cache'
import { ensureCategory } from '../stored-category'
import { lockProduct, shownProduct } from '../stored-product'
import { ChangeProduct } from './input'
import { describe } from './store'

type Ports = { products: ProductCache }

/**
 * Changes what a product is called, how it is described and where it is sorted.
 *
 * What is left out, or is null, stays as it is, and a request that changes nothing announces nothing, so it may be
 * repeated. Changes of one product happen one after the other. A category that nobody has added is made along the way.
 * Prices have operations of their own.
 */
export async function changeProduct(input: ChangeProduct, { db, clock, products }: Deps & Ports) {
  const { sku } = input
  const { version, product } = await db.transaction(async (tx) => {
    const before = await lockProduct(tx, sku)
    if (!before || before.retired) throw problem('unknown-product')

    const { name = before.name, description = before.description, category = before.category } = given(input)
    const told = { name, description, category }
    const same = name === before.name && description === before.description && category === before.category
    const next = same ? before.version : before.version + 1
    if (!same) {
      ensureCategory(tx, category)
      describe(tx, { sku, ...told, version: next })
      tx.emit(ProductDescribed, { sku, ...told, version: next, describedAt: clock.now().toISOString() })
    }
    return { version: next, product: await shownProduct(tx, sku) }
  })
  await products.forget(sku, { version })
  return ok(product)
}

const given = (input: ChangeProduct): Partial<ChangeProduct> =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))

export default http(ChangeProduct, changeProduct, { products: openProductCache })
