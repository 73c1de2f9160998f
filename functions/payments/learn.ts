import type { Queryable } from '#runtime/database'
import type { StoredStatus } from './payment'

/** What an order has to pay, as orders told us. */
export interface PaymentDue {
  orderId: string
  customerId: string
  amount: number
  currency: string
}

/** A row that is known is not returned; of a closed order we learn what it would have cost, and nothing begins. */
export const UNLESS_KNOWN = `on conflict (order_id) do update set amount = excluded.amount, currency = excluded.currency
  where payments.status = 'closed'`

/** Remembers what an order has to pay; false when it is known, or closed. */
export async function learnPayment(
  db: Queryable,
  { orderId, customerId, amount, currency }: PaymentDue,
  at: Date,
): Promise<boolean> {
  const { rows } = await db.query<{ status: StoredStatus }>(
    `insert into payments (order_id, customer_id, amount, currency, status, learned_at, changed_at)
     values ($1, $2, $3, $4, 'awaited', $5, $5) ${UNLESS_KNOWN} returning status`,
    [orderId, customerId, amount, currency, at],
  )
  return rows[0]?.status === 'awaited'
}
