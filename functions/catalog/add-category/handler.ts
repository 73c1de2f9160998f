import { http, type Deps } from '#runtime/http'
import { shown } from '../category'
import { problem } from '../problems'
import { AddCategory } from './input'
import { hasCategory, insertCategory, lockCategories } from './store'

/**
 * Adds a category to sort products into.
 *
 * One that a product named before anybody added it is taken over, with its products, as long as that makes no circle of
 * parents. Names and slugs are each given once, whatever their case. Categories are added one after the other: of two
 * that ask for one name, or to be below each other, the second sees what the first did.
 */
export async function addCategory(input: AddCategory, { db }: Deps) {
  return db.transaction(async (tx) => {
    lockCategories(tx)
    const category = await insertCategory(tx, input)
    if (category) return { status: 201, body: shown(category) }

    const { parent } = input
    if (parent !== undefined && !(await hasCategory(tx, parent)))
      throw problem('unknown-category', { parent })
    throw problem('category-taken')
  })
}

export default http(AddCategory, addCategory)
