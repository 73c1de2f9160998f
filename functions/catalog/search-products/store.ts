import type { Queryable } from '#runtime/database'
import type { Page } from '#runtime/reply'
import { PRODUCT_COLUMNS, type Product } from '../product'
import type { Sort } from './input'

/** What somebody wrote, as queries of full text search. Null is what finds nothing: no word was written. */
export interface Words {
  written: string
  /** With the words that may have been meant. */
  sought: string | null
  /** Only what was written. */
  exact: string | null
}

interface Wish {
  words?: Words | undefined
  /** Slugs of the category and all below it. */
  categories?: string[] | undefined
  minPrice?: number | undefined
  maxPrice?: number | undefined
}

/** What is meant by the words and by the category, either of which may be absent. */
export async function meaningOf(
  db: Queryable,
  { q, category }: { q: string | undefined; category: string | undefined },
): Promise<Pick<Wish, 'words' | 'categories'>> {
  if (!q && !category) return {}
  const { rows } = await db.query<{ sought: string | null; exact: string | null; categories: string[] }>(
    `select sought::text, exact::text, array(select categories_below($2)) as categories from meaning($1)`,
    [q ?? '', category ?? ''],
  )
  const { categories, ...queries } = rows[0]!
  return { ...(q && { words: { written: q, ...queries } }), ...(category && { categories }) }
}

/** `closeness` and `score` are made by `pageOfProducts` when words are to be ranked. */
const ORDERS: Readonly<Record<Sort, string>> = {
  relevance: 'fit.closeness desc, fit.score desc, fit.sort_name, fit.sku',
  name: 'fit.sort_name, fit.sku',
  price: 'fit.price, fit.sku',
  '-price': 'fit.price desc, fit.sku',
  newest: 'fit.added_at desc, fit.sku',
}

/**
 * A page of the products on sale that fit, and how many fit in all.
 *
 * With words, what they find is read once, for the count and for the order (`materialized`); without, each has an index
 * of its own, and only the page is read.
 */
export async function pageOfProducts(
  db: Queryable,
  { words, categories, minPrice, maxPrice }: Wish,
  sort: Sort,
  { page, pageSize }: Page,
): Promise<{ items: Product[]; total: number }> {
  const values: unknown[] = [pageSize, (page - 1) * pageSize]
  const given = (value: unknown, type: string) => `$${values.push(value)}::${type}`
  const fits = ['retired_at is null']
  if (words) fits.push(`search @@ ${given(words.sought, 'tsquery')}`)
  if (categories) fits.push(`category_slug = any(${given(categories, 'text[]')})`)
  if (minPrice !== undefined) fits.push(`price >= ${given(minPrice, 'bigint')}`)
  if (maxPrice !== undefined) fits.push(`price <= ${given(maxPrice, 'bigint')}`)
  const columns = ['sku', 'sort_name', 'price', 'added_at']
  if (words && sort === 'relevance') columns.push(...relevance(words, given))
  const order = ORDERS[sort === 'relevance' && !words ? 'name' : sort]

  const { rows } = await db.query<{ total: number; sku: string | null }>(
    `with fitting as ${words ? 'materialized' : 'not materialized'} (
       select ${columns.join(', ')} from products where ${fits.join(' and ')}
     ), page as (
       select * from fitting as fit order by ${order} limit $1 offset $2
     )
     select counted.total, ${PRODUCT_COLUMNS}
       from (select count(*) as total from fitting) as counted
       left join page as fit on true
       left join products on products.sku = fit.sku
       left join availability on availability.sku = fit.sku
      order by ${order}`,
    values,
  )
  const items = rows.flatMap(({ total: _, ...row }) => (row.sku === null ? [] : [row as Product]))
  return { items, total: rows[0]!.total }
}

/** The product that was named by its SKU comes first, then those that have every word as it was written. */
const relevance = ({ written, sought, exact }: Words, given: (value: unknown, type: string) => string) => [
  `case when lower(sku) = lower(${given(written, 'text')}) then 2
        when title @@ ${given(exact, 'tsquery')} then 1 else 0 end as closeness`,
  `ts_rank(title, ${given(sought, 'tsquery')}, 1) as score`,
]
