import { ProductAdded } from '#events/catalog/product-added.v1/event'
import { created, http, type Deps } from '#runtime/http'
import { problem } from '../problems'
import { shown } from '../product'
import { ensureCategory } from '../stored-category'
import { AddProduct } from './input'
import { insertProduct } from './store'

/**
 * Puts a product on sale.
 *
 * A SKU names one product for ever: that of a retired product is not given again, since orders may still speak of it. A
 * category that nobody has added is made along the way. Stock may have spoken of the SKU before, so the answer says what
 * is available.
 */
export async function addProduct(input: AddProduct, { db, clock }: Deps) {
  const { sku, name, category, price, currency } = input
  const description = input.description ?? ''
  return db.transaction(async (tx) => {
    const addedAt = clock.now()
    ensureCategory(tx, category)
    const added = await insertProduct(tx, { ...input, description }, addedAt)
    if (!added) throw problem('sku-taken', { sku })

    tx.emit(ProductAdded, {
      ...{ sku, name, description, category, price, currency },
      ...{ version: added.version, addedAt: addedAt.toISOString() },
    })
    return created(`/v1/products/${sku}`, shown(added))
  })
}

export default http(AddProduct, addProduct)
