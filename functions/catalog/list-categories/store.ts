import type { Queryable } from '#runtime/database'
import type { Page } from '#runtime/reply'
import type { Category } from '../category'

/** A category with the number of products on sale in it and below it. */
export type FilledCategory = Category & { products: number }

/** A page of the categories by name, and how many there are in all. */
export async function pageOfCategories(
  db: Queryable,
  { page, pageSize }: Page,
): Promise<{ categories: FilledCategory[]; total: number }> {
  const { rows } = await db.query<{ total: number; categories: FilledCategory[] | null }>(
    `with recursive page as (
       select slug, name, parent, row_number() over (order by plain(name), slug) as place
         from categories order by place limit $1 offset $2
     ), below (top, slug) as (
       select slug, slug from page
       union
       select top, categories.slug from below join categories on categories.parent = below.slug
     ), filled as (
       select category_slug as slug, count(*) as products from products where retired_at is null group by 1
     ), summed as (
       select top as slug, sum(products)::bigint as products from below join filled using (slug) group by 1
     ), shown as (
       select slug, name, parent, coalesce(products, 0) as products
         from page left join summed using (slug) order by place
     )
     select (select count(*) from categories) as total, (select json_agg(shown) from shown) as categories`,
    [pageSize, (page - 1) * pageSize],
  )
  const { total, categories } = rows[0]!
  return { total, categories: categories ?? [] }
}
