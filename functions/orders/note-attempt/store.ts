import type { Tx } from '#runtime/database'

/** Forgets why the try before was declined, in an order that is still to be paid. */
export function noteAttempt(tx: Tx, orderId: string, attempt: number, at: Date): void {
  tx.write(
    `update orders set payment_status = 'awaited', payment_reason = null, payment_attempt = $2, changed_at = $3
      where id = $1 and status = 'awaiting-payment' and payment_attempt < $2`,
    [orderId, attempt, at],
  )
}
