import type { Tx } from '#runtime/database'

/** Notes a decline in an order that is still to be paid; false when it is not. */
export async function noteDeclined(tx: Tx, orderId: string, reason: string, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update orders set payment_status = 'declined', payment_reason = $2, changed_at = $3
      where id = $1 and status = 'awaiting-payment'`,
    [orderId, reason, at],
  )
  return rowCount === 1
}
