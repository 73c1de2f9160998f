import { PaymentCaptured } from '#events/payments/payment-captured.v1/event'
import { PaymentDeclined } from '#events/payments/payment-declined.v1/event'
import type { Tx } from '#runtime/database'
import type { Attempt, GatewayCharge } from './payment'
import { lockPayment, statusAfter } from './sums'

/**
 * Decides what an answer of the gateway means, the only place that does: our own call, a notice and a reconciliation
 * all end here, in any order and any number.
 *
 * A capture is announced once for each charge of the gateway, whatever is known of its try: money that was taken is
 * never ignored, and an order that is paid twice can give one payment back. A decline is announced when it ends an
 * open try. An ended try never changes. Answers true when this answer moved the try.
 */
export async function settle(
  tx: Tx,
  { key, orderId, attempt }: Pick<Attempt, 'key' | 'orderId' | 'attempt'>,
  charge: GatewayCharge,
  at: Date,
): Promise<boolean> {
  const [{ customerId }, moved, isNewCapture] = await Promise.all([
    lockPayment(tx, orderId),
    moveAttempt(tx, key, charge, at),
    charge.status === 'captured' && keepCapture(tx, { key, orderId }, charge, at),
  ])
  if (isNewCapture) {
    const { id: chargeId, amount, currency } = charge
    addCaptured(tx, orderId, amount, at)
    tx.emit(PaymentCaptured, {
      orderId,
      customerId,
      chargeId,
      amount,
      currency,
      capturedAt: at.toISOString(),
    })
  }
  if (moved && charge.status === 'declined') {
    const { reason = 'declined' } = charge
    noteDeclined(tx, orderId, reason, at)
    tx.emit(PaymentDeclined, { orderId, customerId, attempt, reason, declinedAt: at.toISOString() })
  }
  return moved
}

async function moveAttempt(
  tx: Tx,
  key: string,
  { id, status, reason }: GatewayCharge,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update attempts set state = $2, charge_id = $3, reason = $4, changed_at = $5
      where key = $1 and state in ('started', 'pending') and state <> $2`,
    [key, status, id, reason ?? null, at],
  )
  return rowCount === 1
}

/** False when this charge's capture is known. */
async function keepCapture(
  tx: Tx,
  { key, orderId }: Pick<Attempt, 'key' | 'orderId'>,
  { id, amount, currency }: GatewayCharge,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into captures (charge_id, key, order_id, amount, currency, captured_at)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    [id, key, orderId, amount, currency, at],
  )
  return rowCount === 1
}

function addCaptured(tx: Tx, orderId: string, amount: number, at: Date): void {
  tx.write(
    `update payments
        set captured = captured + $2, reason = null, changed_at = $3,
            status = ${statusAfter('captured + $2', 'refunded')}
      where order_id = $1`,
    [orderId, amount, at],
  )
}

function noteDeclined(tx: Tx, orderId: string, reason: string, at: Date): void {
  tx.write(
    `update payments set status = 'declined', reason = $2, changed_at = $3
      where order_id = $1 and status = 'awaited'`,
    [orderId, reason, at],
  )
}
