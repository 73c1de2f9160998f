import type { Tx } from '#runtime/database'

/** Notes a decline in an order that is still to be paid; false when it is not, or when a later try was heard of. */
export async function noteDeclined(
  tx: Tx,
  orderId: string,
  { attempt, reason }: { attempt: number; reason: string },
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update orders set payment_status = 'declined', payment_reason = $2, payment_attempt = $3, changed_at = $4
      where id = $1 and status = 'awaiting-payment'
        and (payment_attempt < $3 or payment_attempt = $3 and payment_status = 'awaited')`,
    [orderId, reason, attempt, at],
  )
  return rowCount === 1
}
