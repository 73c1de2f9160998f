import type { Queryable } from '#runtime/database'
import { ATTEMPT_COLUMNS, FIRST_LOOK_MS } from '../attempts'
import { UNLESS_KNOWN, type PaymentDue } from '../learn'
import type { Attempt } from '../payment'

/**
 * Remembers what an order has to pay and begins its first try; gives that try as it stands when it was begun before.
 * None when the order is closed.
 */
export async function firstAttempt(
  db: Queryable,
  { orderId, customerId, amount, currency }: PaymentDue,
  method: string,
  at: Date,
): Promise<Attempt | undefined> {
  const { rows } = await db.query<Attempt>(
    `with payment as (
       insert into payments (order_id, customer_id, amount, currency, status, attempts, learned_at, changed_at)
       values ($1, $2, $3, $4, 'awaited', 1, $6, $6) ${UNLESS_KNOWN} returning *
     )
     insert into attempts
            (order_id, attempt, amount, currency, method, state, started_at, changed_at, next_look_at)
     select order_id, 1, amount, currency, $5, 'started', $6, $6, $7 from payment where status = 'awaited'
     returning ${ATTEMPT_COLUMNS}`,
    [orderId, customerId, amount, currency, method, at, new Date(at.getTime() + FIRST_LOOK_MS)],
  )
  return rows[0] ?? begunBefore(db, orderId)
}

async function begunBefore(db: Queryable, orderId: string): Promise<Attempt | undefined> {
  const { rows } = await db.query<Attempt>(
    `select ${ATTEMPT_COLUMNS} from attempts
      where order_id = $1 and attempt = 1
        and not exists (select from payments where order_id = $1 and status = 'closed')`,
    [orderId],
  )
  return rows[0]
}
