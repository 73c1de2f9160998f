import type { Queryable } from '#runtime/database'

/** What one event says of a product; null is what it does not say. */
interface Lesson {
  sku: string
  version: number
  name: string | null
  price: number | null
  currency: string | null
  retired: boolean
}

/** Retirement is for good, so only names and prices have to be told apart by age. */
export async function learn(
  db: Queryable,
  { sku, version, name, price, currency, retired }: Lesson,
): Promise<void> {
  await db.query(
    `insert into products as known (sku, name, name_version, price, currency, price_version, retired)
     values ($1, $2, case when $2::text is null then 0 else $5::bigint end,
             $3, $4, case when $3::bigint is null then 0 else $5::bigint end, $6)
     on conflict (sku) do update set
       name = case when excluded.name_version > known.name_version then excluded.name else known.name end,
       name_version = greatest(known.name_version, excluded.name_version),
       price = case when excluded.price_version > known.price_version then excluded.price else known.price end,
       currency = case when excluded.price_version > known.price_version
                       then excluded.currency else known.currency end,
       price_version = greatest(known.price_version, excluded.price_version),
       retired = known.retired or excluded.retired`,
    [sku, name, price, currency, version, retired],
  )
}
