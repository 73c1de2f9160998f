import { http, paged, type Deps } from '#runtime/http'
import { shown } from '../category'
import { ListCategories } from './input'
import { pageOfCategories } from './store'

/**
 * Lists the categories and how many products each has.
 *
 * A category's products are those that a search in it finds: its own and those of the categories below it. Retired
 * products do not count. Unless smaller pages are asked for, the first holds what a menu shows.
 */
export async function listCategories({ page = 1, pageSize = 100 }: ListCategories, { db }: Deps) {
  const { categories, total } = await pageOfCategories(db, { page, pageSize })
  const items = categories.map(({ products, ...category }) => ({ ...shown(category), products }))
  return paged(items, total, { page, pageSize }, '/v1/categories', {})
}

export default http(ListCategories, listCategories)
