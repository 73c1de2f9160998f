import type { Queryable } from '#runtime/database'

/** How many can be bought, as of a version of the level in stock. */
interface Availability {
  sku: string
  available: number
  version: number
}

export async function learnAvailability(
  db: Queryable,
  { sku, available, version }: Availability,
): Promise<void> {
  await db.query(
    `insert into availability as known (sku, available, version) values ($1, $2, $3)
         on conflict (sku) do update set available = excluded.available, version = excluded.version
      where known.version < excluded.version`,
    [sku, available, version],
  )
}
