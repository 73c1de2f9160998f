import { http, paged, type Deps } from '#runtime/http'
import { SearchProducts } from './input'
import { meaningOf, pageOfProducts } from './store'

/**
 * Finds products by what somebody wrote, forgiving typos.
 *
 * First it is asked what the words and the category mean, then for the products: the second statement holds values that
 * the database can plan for, and a search without either is one round trip. Equal places are told apart by SKU, so pages
 * neither overlap nor miss a product.
 */
export async function searchProducts({ page = 1, pageSize = 20, ...asked }: SearchProducts, { db }: Deps) {
  const { q, category, minPrice, maxPrice, sort } = asked
  const wish = await meaningOf(db, { q: q?.trim(), category: category?.trim() })
  const { items, total } = await pageOfProducts(
    db,
    { ...wish, minPrice, maxPrice },
    sort ?? (wish.words ? 'relevance' : 'name'),
    { page, pageSize },
  )
  return paged(items, total, { page, pageSize }, '/v1/products', asked)
}

export default http(SearchProducts, searchProducts)
