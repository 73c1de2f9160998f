import { http, paged, type Deps } from '#runtime/http'
import { SearchProducts } from './input'
import { openPlaces, type Places } from './places'
import { search } from './search'

type Ports = { places: Places }

/**
 * Finds products by what somebody wrote, forgiving typos.
 *
 * First it is asked what the words and the category mean, then for the products: the second statement holds values that
 * the database can plan for. Equal places are told apart by SKU, so pages neither overlap nor miss a product. The total
 * is counted, never estimated. Only when more than 5,000 products fit the words, the total and the order of the first
 * hundred may be up to ten seconds old; what is shown of each product is not.
 */
export async function searchProducts(
  { page = 1, pageSize = 20, ...asked }: SearchProducts,
  { db, places }: Deps & Ports,
) {
  const { items, total } = await search(asked, { page, pageSize }, { db, places })
  return paged(items, total, { page, pageSize }, '/v1/products', asked)
}

export default http(SearchProducts, searchProducts, { places: openPlaces })
