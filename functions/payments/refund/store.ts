import type { RefundDue } from '#events/orders/refund-due.v1/event'
import type { Tx } from '#runtime/database'
import { FIRST_LOOK_MS } from '../attempts'
import type { Refund } from '../payment'
import { REFUND_COLUMNS } from '../refunds'

/** What a refund may not exceed. */
export interface Capture {
  orderId: string
  /** Minor units. */
  amount: number
  currency: string
}

/** Locks a capture until the transaction ends, so that refunds of it count each other. */
export async function lockCapture(tx: Tx, chargeId: string): Promise<Capture | undefined> {
  const { rows } = await tx.query<Capture>(
    `select order_id as "orderId", amount, currency from captures where charge_id = $1 for update`,
    [chargeId],
  )
  return rows[0]
}

/** How much of a locked capture its refunds give back, the open ones included. */
export async function promisedBack(tx: Tx, chargeId: string): Promise<number> {
  const { rows } = await tx.query<{ sum: number }>(
    'select coalesce(sum(amount), 0)::bigint as sum from refunds where charge_id = $1',
    [chargeId],
  )
  return rows[0]!.sum
}

/** The refund of that key, when it was begun before. */
export async function refundBegun(
  tx: Tx,
  { orderId, refundKey }: Pick<RefundDue, 'orderId' | 'refundKey'>,
): Promise<Refund | undefined> {
  const { rows } = await tx.query<Refund>(
    `select ${REFUND_COLUMNS} from refunds where order_id = $1 and refund_key = $2`,
    [orderId, refundKey],
  )
  return rows[0]
}

export async function insertRefund(
  tx: Tx,
  { orderId, refundKey, chargeId, amount, currency }: RefundDue,
  at: Date,
): Promise<Refund> {
  const { rows } = await tx.query<Refund>(
    `insert into refunds (order_id, refund_key, charge_id, amount, currency, state, started_at, changed_at,
                          next_look_at)
     values ($1, $2, $3, $4, $5, 'started', $6, $6, $7) returning ${REFUND_COLUMNS}`,
    [orderId, refundKey, chargeId, amount, currency, at, new Date(at.getTime() + FIRST_LOOK_MS)],
  )
  return rows[0]!
}
