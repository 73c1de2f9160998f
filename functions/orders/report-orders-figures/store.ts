import type { Queryable } from '#runtime/database'
import type { OrderLine, Status } from '../order'

/** An order as the audit needs it. */
export interface Row {
  orderId: string
  status: Status
  lines: OrderLine[]
  currency: string
  total: number
  /** Whether it stands on a payment, and how much of that went back. */
  paid: boolean
  refunded: number
  settled: boolean
}

/** Orders by their ids. One that changed lately, or whose refund is on its way, is not settled. */
export async function ordersAfter(
  db: Queryable,
  { after, limit, settledBefore }: { after: string; limit: number; settledBefore: Date },
): Promise<Row[]> {
  const { rows } = await db.query<Row>(
    `select id as "orderId", status, lines, currency, total, charge_id is not null as paid,
            coalesce((select sum(amount) from refunds
                       where order_id = orders.id and charge_id = orders.charge_id and refunded_at is not null),
                     0)::bigint as refunded,
            changed_at < $3 and not exists (select from refunds where order_id = orders.id and refunded_at is null)
              as settled
       from orders where id > $1 order by id limit $2`,
    [after, limit, settledBefore],
  )
  return rows
}

/** An order that is neither at rest nor waiting for somebody, and since when. */
export interface Stuck {
  orderId: string
  status: Status
  since: Date
}

/** Those that were placed, or whose deadline was, before these moments; the oldest. */
export async function stuckOrders(
  db: Queryable,
  placedBefore: Date,
  acceptedBefore: Date,
  limit: number,
): Promise<Stuck[]> {
  const { rows } = await db.query<Stuck>(
    `select id as "orderId", status, placed_at as since from orders where status = 'pending' and placed_at < $1
     union all
     select id, status, accepted_at from orders where status = 'awaiting-payment' and accepted_at < $2
      order by since limit $3`,
    [placedBefore, acceptedBefore, limit],
  )
  return rows
}

/** Money that is due since before that moment and has not gone back. */
export async function lateRefunds(
  db: Queryable,
  dueBefore: Date,
  limit: number,
): Promise<{ orderId: string; amount: number; currency: string; dueAt: Date }[]> {
  const { rows } = await db.query<{ orderId: string; amount: number; currency: string; dueAt: Date }>(
    `select order_id as "orderId", sum(amount)::bigint as amount, min(currency) as currency, min(due_at) as "dueAt"
       from refunds where refunded_at is null and due_at < $1
      group by order_id order by min(due_at) limit $2`,
    [dueBefore, limit],
  )
  return rows
}
