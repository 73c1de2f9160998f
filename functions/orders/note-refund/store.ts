import type { PaymentRefunded } from '#events/payments/payment-refunded.v1/event'
import type { Tx } from '#runtime/database'

/** Notes that a refund has happened, also one that nobody here said was due; false when it was noted before. */
export async function keepRefunded(
  tx: Tx,
  { orderId, refundKey, chargeId, amount, currency }: PaymentRefunded,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into refunds (order_id, refund_key, charge_id, amount, currency, due_at, refunded_at)
     values ($1, $2, $3, $4, $5, $6, $6)
     on conflict (order_id, refund_key) do update
       set charge_id = excluded.charge_id, amount = excluded.amount, currency = excluded.currency,
           refunded_at = excluded.refunded_at
     where refunds.refunded_at is null`,
    [orderId, refundKey, chargeId, amount, currency, at],
  )
  return rowCount === 1
}

/** Says of the payment that the order stands on how much of it went back; a payment too many does not count. */
export function showRefunded(tx: Tx, orderId: string, at: Date): void {
  tx.write(
    `update orders
        set payment_status = case when sums.refunded >= total then 'refunded' else 'partly-refunded' end,
            changed_at = $2
       from (select charge_id, sum(amount)::bigint as refunded from refunds
              where order_id = $1 and refunded_at is not null group by charge_id) as sums
      where id = $1 and orders.charge_id = sums.charge_id and sums.refunded > 0`,
    [orderId, at],
  )
}
