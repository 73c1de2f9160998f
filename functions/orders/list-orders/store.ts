import type { Queryable } from '#runtime/database'
import type { Page } from '#runtime/reply'
import { momentOf } from '../moment'
import type { Order } from '../order'
import { ORDER_COLUMNS } from '../progress'

interface Filter {
  /** Null is every customer. */
  customerId: string | null
  status?: string
  from?: string
  until?: string
}

/** A page of the orders that fit, newest first, and how many fit in all. */
export async function pageOfOrders(
  db: Queryable,
  { customerId, status, from, until }: Filter,
  { page, pageSize }: Page,
): Promise<{ orders: Order[]; total: number }> {
  const { rows } = await db.query<{ total: number; orders: Order[] | null }>(
    `with fitting as (
       select * from orders
        where ($1::text is null or customer_id = $1) and ($2::text is null or status = $2)
          and ($3::timestamptz is null or placed_at >= $3) and ($4::timestamptz is null or placed_at < $4)
     ), page as (
       select ${ORDER_COLUMNS} from fitting order by placed_at desc, id limit $5 offset $6
     )
     select (select count(*) from fitting) as total, (select json_agg(page) from page) as orders`,
    [customerId, status ?? null, momentOf(from), momentOf(until), pageSize, (page - 1) * pageSize],
  )
  const { total, orders } = rows[0]!
  return { total, orders: (orders ?? []).map((order) => ({ ...order, placedAt: new Date(order.placedAt) })) }
}
