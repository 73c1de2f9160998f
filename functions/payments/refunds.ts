import { PaymentRefunded } from '#events/payments/payment-refunded.v1/event'
import type { Queryable, Tx } from '#runtime/database'
import type { Gateway } from './gateway'
import { GatewayTrouble } from './gateway-line'
import type { GatewayRefund, Refund } from './payment'
import { lockPayment, statusAfter } from './sums'

/** What a statement selects to make a `Refund`. */
export const REFUND_COLUMNS = `key, order_id as "orderId", refund_key as "refundKey", charge_id as "chargeId", amount,
  currency, state`

/** The refund of that key, as it stands. */
export async function refundOf(db: Queryable, key: string): Promise<Refund | undefined> {
  const { rows } = await db.query<Refund>(`select ${REFUND_COLUMNS} from refunds where key = $1`, [key])
  return rows[0]
}

/**
 * What the gateway says of a refund that was begun before: it is asked what it knows first, since gateways forget their
 * idempotency keys after a day or so, and only when that is nothing to give the money back.
 */
export async function askAgain(gateway: Gateway, refund: Refund): Promise<GatewayRefund> {
  const [known] = await gateway.refundsOf(refund)
  return known ?? gateway.refund(refund)
}

/**
 * Notes that money went back, the only place that does: our own call, a notice and a reconciliation all end here, in any
 * order and any number, and it is announced once. A refund that the gateway has only taken note of stays open; one that
 * it could not make is a fault, since the money is still due.
 */
export async function settleRefund(
  tx: Tx,
  { key, orderId, refundKey, chargeId, amount, currency }: Refund,
  answer: GatewayRefund,
  at: Date,
): Promise<void> {
  if (answer.amount !== amount || answer.currency !== currency || answer.chargeId !== chargeId) {
    throw new GatewayTrouble(`the payment gateway tells of another refund than ${key}`)
  }
  if (answer.status === 'failed') throw new GatewayTrouble(`the payment gateway could not give back ${key}`)
  if (answer.status === 'pending') return

  const { customerId, captured, refunded } = await lockPayment(tx, orderId)
  if (!(await markRefunded(tx, key, answer.id, at))) return
  addRefunded(tx, orderId, amount, at)
  tx.emit(PaymentRefunded, {
    ...{ orderId, customerId, chargeId, refundKey, amount, currency },
    ...{ refundedTotal: refunded + amount, capturedTotal: captured, refundedAt: at.toISOString() },
  })
}

/** False when that was noted before. */
async function markRefunded(tx: Tx, key: string, refundId: string, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update refunds set state = 'refunded', refund_id = $2, changed_at = $3 where key = $1 and state = 'started'`,
    [key, refundId, at],
  )
  return rowCount === 1
}

function addRefunded(tx: Tx, orderId: string, amount: number, at: Date): void {
  tx.write(
    `update payments set refunded = refunded + $2, changed_at = $3, status = ${statusAfter('captured', 'refunded + $2')}
      where order_id = $1`,
    [orderId, amount, at],
  )
}
