import type { Queryable } from '#runtime/database'
import { PRODUCT_COLUMNS, shown, type Product, type ProductRow } from '../product'
import type { Sort } from './input'

/** What somebody wrote, as queries of full text search. Null is what finds nothing: no word was written. */
export interface Words {
  written: string
  /** With the words that may have been meant. */
  sought: string | null
  /** Only what was written. */
  exact: string | null
}

export interface Wish {
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

/** `closeness` and `score` are made by `relevance` when words are to be ranked. */
const ORDERS: Readonly<Record<Sort, string>> = {
  relevance: 'fit.closeness desc, fit.score desc, fit.sort_name, fit.sku',
  name: 'fit.sort_name, fit.sku',
  price: 'fit.price, fit.sku',
  '-price': 'fit.price desc, fit.sku',
  newest: 'fit.added_at desc, fit.sku',
}

/** So many are found quickly by going along the order that is asked for, and slowly by sorting them all. */
export const MANY = 5_000

/** How many products on sale fit: always counted, never estimated. */
export async function totalOf(db: Queryable, wish: Wish): Promise<number> {
  const values: unknown[] = []
  const { rows } = await db.query<{ total: number }>(
    `select count(*) as total from products where ${conditionsOf(wish, listIn(values))}`,
    values,
  )
  return rows[0]!.total
}

/**
 * The SKUs in so many places of the given order, from an offset on.
 *
 * An order other than relevance has an index. Many that fit are met soon on the way along it; few are found by their words
 * and then sorted, and `materialized` keeps the database from guessing otherwise.
 */
export async function placesOf(
  db: Queryable,
  wish: Wish,
  { sort, isFew }: { sort: Sort; isFew: boolean },
  { limit, offset }: { limit: number; offset: number },
): Promise<string[]> {
  const values: unknown[] = [limit, offset]
  const given = listIn(values)
  const ranked = sort === 'relevance' && wish.words
  const columns = ['sku', 'sort_name', 'price', 'added_at', ...(ranked ? relevance(ranked, given) : [])]
  const order = ORDERS[sort === 'relevance' && !ranked ? 'name' : sort]
  const { rows } = await db.query<{ sku: string }>(
    `with fit as ${isFew ? 'materialized' : 'not materialized'} (
       select ${columns.join(', ')} from products where ${conditionsOf(wish, given)}
     )
     select sku from fit order by ${order} limit $1 offset $2`,
    values,
  )
  return rows.map(({ sku }) => sku)
}

/** The products of those SKUs as they are now, in the order of the SKUs; one that was retired meanwhile is left out. */
export async function productsAt(db: Queryable, skus: readonly string[]): Promise<Product[]> {
  if (skus.length === 0) return []
  const { rows } = await db.query<ProductRow>(
    `select ${PRODUCT_COLUMNS}
       from unnest($1::text[]) with ordinality as place (sku, number)
       join products using (sku) left join availability using (sku)
      where retired_at is null
      order by place.number`,
    [skus],
  )
  return rows.map(shown)
}

type Given = (value: unknown, type: string) => string

/** Puts a statement's parameter into its list of values and names it. */
const listIn =
  (values: unknown[]): Given =>
  (value, type) =>
    `$${values.push(value)}::${type}`

function conditionsOf({ words, categories, minPrice, maxPrice }: Wish, given: Given): string {
  const fits = ['retired_at is null']
  if (words) fits.push(`search @@ ${given(words.sought, 'tsquery')}`)
  if (categories) fits.push(`category_slug = any(${given(categories, 'text[]')})`)
  if (minPrice !== undefined) fits.push(`price >= ${given(minPrice, 'bigint')}`)
  if (maxPrice !== undefined) fits.push(`price <= ${given(maxPrice, 'bigint')}`)
  return fits.join(' and ')
}

/** The product that was named by its SKU comes first, then those that have every word as it was written. */
const relevance = ({ written, sought, exact }: Words, given: Given) => [
  `case when lower(sku) = lower(${given(written, 'text')}) then 2
        when title @@ ${given(exact, 'tsquery')} then 1 else 0 end as closeness`,
  `ts_rank(title, ${given(sought, 'tsquery')}, 1) as score`,
]
