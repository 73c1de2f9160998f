import type { Queryable } from '#runtime/database'
import type { Page } from '#runtime/reply'
import type { Product } from '../product'
import type { SearchProducts, Sort } from './input'
import type { Places } from './places'
import { MANY, meaningOf, placesOf, productsAt, totalOf, type Wish } from './store'

/** What is searched for, without the page. */
export type Asked = Omit<SearchProducts, 'page' | 'pageSize'>

/** So many of the best are ranked at once and remembered: the pages that people look at. */
const FIRST = 100

/** A page of the products on sale that fit, best first, and how many fit in all. */
export async function search(
  asked: Asked,
  { page, pageSize }: Page,
  { db, places }: { db: Queryable; places: Places },
): Promise<{ items: Product[]; total: number }> {
  const offset = (page - 1) * pageSize
  const sort = asked.sort ?? (asked.q?.trim() ? 'relevance' : 'name')
  const isRanked = sort === 'relevance' && Boolean(asked.q?.trim())
  if (!isRanked || offset + pageSize > FIRST) {
    const { total, skus } = await found(db, await wishOf(db, asked), sort, { limit: pageSize, offset })
    return { items: await productsAt(db, skus), total }
  }
  const { total, skus } = await places.look({ ...asked, sort }, async () =>
    found(db, await wishOf(db, asked), sort, { limit: FIRST, offset: 0 }),
  )
  return { items: await productsAt(db, skus.slice(offset, offset + pageSize)), total }
}

async function wishOf(db: Queryable, { q, category, minPrice, maxPrice }: Asked): Promise<Wish> {
  return {
    ...(await meaningOf(db, { q: q?.trim(), category: category?.trim() })),
    ...{ minPrice, maxPrice },
  }
}

/** By relevance all that fit has to be looked at, side by side with the count; for other orders it is worth counting first. */
async function found(db: Queryable, wish: Wish, sort: Sort, range: { limit: number; offset: number }) {
  const counting = totalOf(db, wish)
  if (sort === 'relevance' && wish.words) {
    const placing = placesOf(db, wish, { sort, isFew: false }, range)
    const [total, skus] = await Promise.all([counting, placing])
    return { total, skus }
  }
  const total = await counting
  const isFew = wish.words !== undefined && total < MANY
  return { total, skus: await placesOf(db, wish, { sort, isFew }, range) }
}
