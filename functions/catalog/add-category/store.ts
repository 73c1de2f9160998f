import type { Queryable, Tx } from '#runtime/database'
import type { Category } from '../category'
import type { AddCategory } from './input'

/** Nobody else adds a category until this transaction ends; products are read and shown meanwhile. */
export function lockCategories(tx: Tx): void {
  tx.write('lock table categories in share row exclusive mode')
}

/** Inserts a category; undefined when its name or slug is taken or there is no such parent. */
export async function insertCategory(
  db: Queryable,
  { slug, name, parent }: AddCategory,
): Promise<Category | undefined> {
  const { rows } = await db.query<Category>(
    `with asked as (select coalesce($1, slug_of($2)) as slug), above as (
       select slug from categories where slug = lower($3) or lower(name) = lower($3)
        order by slug = lower($3) desc limit 1
     )
     insert into categories as known (slug, name, parent, declared)
     select slug, $2, (select slug from above), true from asked
      where ($3::text is null or exists (select from above))
        and not exists (select from categories where lower(name) = lower($2) and categories.slug <> asked.slug)
         on conflict (slug) do update set name = excluded.name, parent = excluded.parent, declared = true
      where not known.declared
        and (excluded.parent is null
             or excluded.parent <> known.slug and not exists (select from categories where parent = known.slug))
     returning slug, name, parent`,
    [slug ?? null, name, parent ?? null],
  )
  return rows[0]
}

export async function hasCategory(db: Queryable, slugOrName: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'select from categories where slug = lower($1) or lower(name) = lower($1) limit 1',
    [slugOrName],
  )
  return rowCount === 1
}
