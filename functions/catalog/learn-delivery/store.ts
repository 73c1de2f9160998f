import type { Queryable } from '#runtime/database'

/** In order of SKU, so that two deliveries to one customer never wait for each other in a circle. */
export async function learnReceived(
  db: Queryable,
  customerId: string,
  skus: string[],
  deliveredAt: string,
): Promise<void> {
  await db.query(
    `insert into received as known (customer_id, sku, delivered_at)
     select $1, sku, $3 from unnest($2::text[]) as sku order by sku
         on conflict (customer_id, sku) do update set delivered_at = excluded.delivered_at
      where known.delivered_at > excluded.delivered_at`,
    [customerId, skus, deliveredAt],
  )
}
