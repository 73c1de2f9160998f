import type { Queryable } from '#runtime/database'
import type { Category } from '../category'

/** Every category by name, with the number of products on sale in it and below it. */
export async function categoriesWithProducts(db: Queryable): Promise<(Category & { products: number })[]> {
  const { rows } = await db.query<Category & { products: number }>(
    `with recursive below (top, slug) as (
       select slug, slug from categories
       union
       select top, categories.slug from below join categories on categories.parent = below.slug
     ), filled as (
       select category_slug as slug, count(*) as products from products where retired_at is null group by 1
     ), summed as (
       select top as slug, sum(products)::bigint as products from below join filled using (slug) group by 1
     )
     select slug, name, parent, coalesce(products, 0) as products
       from categories left join summed using (slug)
      order by plain(name), slug`,
  )
  return rows
}
