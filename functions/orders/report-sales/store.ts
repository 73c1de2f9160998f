import type { Queryable } from '#runtime/database'
import { momentOf } from '../moment'
import type { Grouping } from './input'

export interface Sums {
  currency: string
  orders: number
  quantity: number
  /** Minor units. */
  gross: number
  refunded: number
}

export interface Row extends Sums {
  key: string
}

const KEYS: Readonly<Record<Grouping, string>> = {
  day: `to_char(placed_at at time zone 'UTC', 'YYYY-MM-DD')`,
  product: 'sku',
  status: 'status',
}

/**
 * Sums up the lines of paid orders placed in that time: by the wanted key (`key` is none for the totals) and by
 * currency. What has gone back is counted for the lines it was paid for, and only from the payment the order stands on:
 * a payment too many, given back, was never a sale.
 */
export async function salesOf(
  db: Queryable,
  { from, until, by }: { from: string | undefined; until: string | undefined; by: Grouping },
): Promise<{ items: Row[]; totals: Sums[] }> {
  const { rows } = await db.query<Omit<Row, 'key'> & { key: string | null }>(
    `with paid as (
       select * from orders
        where charge_id is not null
          and ($1::timestamptz is null or placed_at >= $1) and ($2::timestamptz is null or placed_at < $2)
     ), given_back as (
       select paid.id, line.sku, sum(line.quantity * line."unitPrice")::bigint as amount
         from paid
         join refunds on refunds.order_id = paid.id and refunds.charge_id = paid.charge_id
                         and refunds.refunded_at is not null,
              jsonb_to_recordset(refunds.lines) as line (sku text, quantity bigint, "unitPrice" bigint)
        group by 1, 2
     ), sold as (
       select id, placed_at, status, currency, line.sku, line.quantity,
              line.quantity * line."unitPrice" as gross, coalesce(given_back.amount, 0) as refunded
         from paid cross join jsonb_to_recordset(lines) as line (sku text, quantity bigint, "unitPrice" bigint)
         left join given_back using (id, sku)
     )
     select ${KEYS[by]} as key, currency, count(distinct id) as orders, sum(quantity)::bigint as quantity,
            sum(gross)::bigint as gross, sum(refunded)::bigint as refunded
       from sold group by grouping sets ((1, 2), (2)) order by 1 nulls last, 2`,
    [momentOf(from), momentOf(until)],
  )
  const items = rows.flatMap(({ key, ...sums }) => (key === null ? [] : [{ key, ...sums }]))
  const totals = rows.flatMap(({ key, ...sums }) => (key === null ? [sums] : []))
  return { items, totals }
}
