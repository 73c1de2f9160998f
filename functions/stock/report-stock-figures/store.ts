import type { Queryable } from '#runtime/database'
import type { Quantity } from '../level'

/** What stock knows of an order: what became of its wish, and each time that something came back. */
export interface Row {
  orderId: string
  /** Null when only a return was heard of. */
  state: string | null
  lines: Quantity[]
  returned: Quantity[]
  settled: boolean
}

/** Of one answer: orders that others do not know of may be any number. */
export const MOST = 2_000

/** What stock knows of the orders in a range of ids, the first of them. */
export async function ordersBetween(
  db: Queryable,
  { after, until, settledBefore }: { after: string; until: string | null; settledBefore: Date },
): Promise<Row[]> {
  const { rows } = await db.query<Row>(
    `with held as (
       select order_id, state, lines, at from reservations
        where order_id > $1 and ($2::text is null or order_id <= $2)
     ), back as (
       select order_id, jsonb_agg(line) as lines, max(at) as at from returns, jsonb_array_elements(lines) as line
        where order_id > $1 and ($2::text is null or order_id <= $2)
        group by order_id
     )
     select order_id as "orderId", state, coalesce(held.lines, '[]') as lines, coalesce(back.lines, '[]') as returned,
            greatest(held.at, back.at) < $3 as settled
       from held full join back using (order_id) order by order_id limit ${MOST}`,
    [after, until, settledBefore],
  )
  return rows
}

/** By how much an item's level is off. */
export interface Imbalance {
  sku: string
  /** More than the movements in the ledger add up to. */
  onHandExcess: number
  reservedExcess: number
  /** More than the orders' reservations add up to. */
  promisedExcess: number
}

/** Items whose level is not the sum of its movements, or promises other than what is set aside; in one statement, so as of one moment. */
export async function imbalances(db: Queryable, limit: number): Promise<Imbalance[]> {
  const { rows } = await db.query<Imbalance>(
    `with moved as (
       select sku, sum(delta_on_hand) as on_hand, sum(delta_reserved) as reserved from ledger group by sku
     ), promised as (
       select line.sku, sum(line.quantity) as quantity
         from reservations, jsonb_to_recordset(lines) as line (sku text, quantity bigint)
        where state = 'reserved' group by 1
     ), compared as (
       select sku, (coalesce(levels.on_hand, 0) - coalesce(moved.on_hand, 0))::bigint as "onHandExcess",
              (coalesce(levels.reserved, 0) - coalesce(moved.reserved, 0))::bigint as "reservedExcess",
              (coalesce(levels.reserved, 0) - coalesce(promised.quantity, 0))::bigint as "promisedExcess"
         from levels full join moved using (sku) full join promised using (sku)
     )
     select * from compared
      where "onHandExcess" <> 0 or "reservedExcess" <> 0 or "promisedExcess" <> 0 order by sku limit $1`,
    [limit],
  )
  return rows
}
