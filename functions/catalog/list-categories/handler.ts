import { http, ok, type Deps } from '#runtime/http'
import { shown } from '../category'
import { ListCategories } from './input'
import { categoriesWithProducts } from './store'

/**
 * Lists the categories and how many products each has.
 *
 * A category's products are those that a search in it finds: its own and those of the categories below it. Retired
 * products do not count.
 */
export async function listCategories(_: ListCategories, { db }: Deps) {
  const categories = await categoriesWithProducts(db)
  return ok({ items: categories.map((category) => ({ ...shown(category), products: category.products })) })
}

export default http(ListCategories, listCategories)
