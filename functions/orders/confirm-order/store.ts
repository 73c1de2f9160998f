import type { Tx } from '#runtime/database'

/** An order that is off was paid all the same: it shows the payment until that has gone back. */
export function noteLateCapture(tx: Tx, orderId: string, chargeId: string, at: Date): void {
  tx.write(
    `update orders set charge_id = $2, payment_status = 'captured', payment_reason = null, changed_at = $3
      where id = $1 and charge_id is null`,
    [orderId, chargeId, at],
  )
}
