import type { Queryable } from '#runtime/database'
import type { AttemptState, StoredStatus } from '../payment'

export interface StoredAttempt {
  attempt: number
  method: string
  state: AttemptState
  reason: string | null
  startedAt: string
}

interface StoredPayment {
  orderId: string
  customerId: string
  status: StoredStatus
  reason: string | null
  amount: number
  captured: number
  refunded: number
  currency: string
  attempts: StoredAttempt[]
}

/** The payment of an order with its tries, first one first. */
export async function paymentOf(db: Queryable, orderId: string): Promise<StoredPayment | undefined> {
  const { rows } = await db.query<StoredPayment>(
    `select order_id as "orderId", customer_id as "customerId", status, reason, amount, captured, refunded, currency,
            (select coalesce(json_agg(json_build_object('attempt', attempt, 'method', method, 'state', state,
                                        'reason', tried.reason, 'startedAt', started_at) order by attempt), '[]')
               from attempts as tried where tried.order_id = payments.order_id) as attempts
       from payments where order_id = $1`,
    [orderId],
  )
  return rows[0]
}
