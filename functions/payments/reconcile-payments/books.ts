import type { Queryable, Tx } from '#runtime/database'
import { FIRST_LOOK_MS } from '../attempts'
import type { GatewayCharge, Refund } from '../payment'

/** Whether all that a charge tells is known here; of a try that is over, a later answer that is no capture tells nothing. */
export async function isOnOurBooks(
  db: Queryable,
  { id, status, reference }: Pick<GatewayCharge, 'id' | 'status' | 'reference'>,
): Promise<boolean> {
  const { rows } = await db.query<{ known: boolean }>(
    status === 'captured'
      ? 'select exists (select from captures where charge_id = $1) as known'
      : `select exists (select from attempts
                         where key = $1 and (state = $2 or state not in ('started', 'pending'))) as known`,
    status === 'captured' ? [id] : [reference, status],
  )
  return rows[0]!.known
}

/** Whether payments have heard of an order. */
export async function isPaymentKnown(db: Queryable, orderId: string): Promise<boolean> {
  const { rowCount } = await db.query('select from payments where order_id = $1', [orderId])
  return rowCount === 1
}

export async function isCaptureKnown(db: Queryable, chargeId: string, orderId: string): Promise<boolean> {
  const { rowCount } = await db.query('select from captures where charge_id = $1 and order_id = $2', [
    chargeId,
    orderId,
  ])
  return rowCount === 1
}

/** Notes a try that we do not know, as the gateway tells of it, and that its number is taken. */
export async function learnAttempt(
  tx: Tx,
  { orderId, attempt }: { orderId: string; attempt: number },
  { id, status, amount, currency, reason, paymentMethod = 'unknown', createdAt }: GatewayCharge,
  at: Date,
): Promise<void> {
  await tx.query('update payments set attempts = greatest(attempts, $2) where order_id = $1', [
    orderId,
    attempt,
  ])
  await tx.query(
    `insert into attempts (order_id, attempt, amount, currency, method, state, charge_id, reason, started_at,
                           changed_at, next_look_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`,
    [
      ...[orderId, attempt, amount, currency, paymentMethod, status, id, reason ?? null, createdAt ?? at, at],
      new Date(at.getTime() + FIRST_LOOK_MS),
    ],
  )
}

/** Notes a refund that we do not know; a refund that we do stays as it is. */
export async function learnRefund(
  tx: Tx,
  {
    orderId,
    refundKey,
    chargeId,
    amount,
    currency,
  }: Pick<Refund, 'orderId' | 'refundKey' | 'chargeId' | 'amount' | 'currency'>,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into refunds (order_id, refund_key, charge_id, amount, currency, state, started_at, changed_at,
                          next_look_at)
     values ($1, $2, $3, $4, $5, 'started', $6, $6, $7) on conflict do nothing`,
    [orderId, refundKey, chargeId, amount, currency, at, new Date(at.getTime() + FIRST_LOOK_MS)],
  )
}
