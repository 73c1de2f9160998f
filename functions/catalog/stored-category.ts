import type { Tx } from '#runtime/database'

/** Makes the category if none has that name or the slug that the name would get. */
export function ensureCategory(tx: Tx, name: string): void {
  tx.write(
    `insert into categories (slug, name, declared)
     select slug_of($1), $1, false where not exists (select from categories where lower(name) = lower($1))
         on conflict do nothing`,
    [name],
  )
}

/** The slug of the category that $`parameter` names: by its name before by its slug. */
export const homeOf = (parameter: number) =>
  `select slug from categories where lower(name) = lower($${parameter}) or slug = slug_of($${parameter})
    order by lower(name) = lower($${parameter}) desc limit 1`
