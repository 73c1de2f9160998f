import type { Queryable } from '#runtime/database'

/** What payments know of an order. Money is in minor units. */
export interface Row {
  orderId: string
  currency: string
  captured: number
  refunded: number
  /** The sums of the captures and refunds themselves. */
  captures: number
  refunds: number
  settled: boolean
}

/** Of one answer: orders that others do not know of may be any number. */
export const MOST = 2_000

/** What payments know of the orders in a range of ids, the first of them. */
export async function paymentsBetween(
  db: Queryable,
  { after, until, settledBefore }: { after: string; until: string | null; settledBefore: Date },
): Promise<Row[]> {
  const { rows } = await db.query<Row>(
    `select order_id as "orderId", currency, captured, refunded, changed_at < $3 as settled,
            coalesce((select sum(amount) from captures where order_id = payments.order_id), 0)::bigint as captures,
            coalesce((select sum(amount) from refunds
                       where order_id = payments.order_id and state = 'refunded'), 0)::bigint as refunds
       from payments where order_id > $1 and ($2::text is null or order_id <= $2) order by order_id limit ${MOST}`,
    [after, until, settledBefore],
  )
  return rows
}
