import type { Queryable, Tx } from '#runtime/database'
import { ATTEMPT_COLUMNS, FIRST_LOOK_MS } from '../attempts'
import type { Attempt, StoredStatus } from '../payment'

/** A customer's wish to pay. */
export interface Asked {
  orderId: string
  customerId: string
  method: string
  idempotencyKey: string
}

/**
 * Begins a try if the order is this customer's, still to be paid, and has no other try open. The row of the payment
 * makes requests wait for each other, and indexes refuse what they could not see: a second open try, or a second try
 * of one request (`isTaken`).
 */
export async function startAttempt(
  tx: Tx,
  { orderId, customerId, method, idempotencyKey }: Asked,
  at: Date,
): Promise<Attempt | undefined> {
  const { rows } = await tx.query<Attempt>(
    `with payment as (
       update payments set attempts = attempts + 1, status = 'awaited', reason = null, changed_at = $5
        where order_id = $1 and customer_id = $2 and status in ('awaited', 'declined')
          and not exists (select from attempts where order_id = $1
                             and (state in ('started', 'pending') or idempotency_key = $4))
       returning *
     )
     insert into attempts (order_id, attempt, amount, currency, method, state, idempotency_key,
                           started_at, changed_at, next_look_at)
     select order_id, attempts, amount, currency, $3, 'started', $4, $5, $5, $6 from payment
     returning ${ATTEMPT_COLUMNS}`,
    [orderId, customerId, method, idempotencyKey, at, new Date(at.getTime() + FIRST_LOOK_MS)],
  )
  return rows[0]
}

/** What is known of this customer's order, and the try that this very request began before. */
export async function paymentAsked(
  db: Queryable,
  { orderId, customerId, idempotencyKey }: Asked,
): Promise<{ status: StoredStatus; attempt: Attempt | null } | undefined> {
  const { rows } = await db.query<{ status: StoredStatus; attempt: Attempt | null }>(
    `select status, (select to_json(begun) from (select ${ATTEMPT_COLUMNS} from attempts
                      where order_id = $1 and idempotency_key = $3) as begun) as attempt
       from payments where order_id = $1 and customer_id = $2`,
    [orderId, customerId, idempotencyKey],
  )
  return rows[0]
}

/** Whether it was an index that refused a try: another one is open, or the request has begun one. */
export const isTaken = (error: unknown): boolean => {
  const { code, constraint = '' } = error as { code?: string; constraint?: string }
  return code === '23505' && ['attempts_open', 'attempts_request'].includes(constraint)
}
