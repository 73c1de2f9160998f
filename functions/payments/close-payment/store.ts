import type { Queryable } from '#runtime/database'
import { UNKNOWN_CURRENCY } from '../payment'

/**
 * Marks an order that is not paid as closed, or leaves a mark that it must never be charged. An outcome that is being
 * settled at this moment is waited for.
 */
export async function closePaymentOf(
  db: Queryable,
  { orderId, customerId }: { orderId: string; customerId: string },
  at: Date,
): Promise<void> {
  await db.query(
    `insert into payments (order_id, customer_id, amount, currency, status, learned_at, changed_at)
     values ($1, $2, 0, $4, 'closed', $3, $3)
     on conflict (order_id) do update set status = 'closed', reason = null, changed_at = $3
      where payments.status in ('awaited', 'declined')`,
    [orderId, customerId, at, UNKNOWN_CURRENCY],
  )
}
