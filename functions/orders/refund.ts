import { RefundDue } from '#events/orders/refund-due.v1/event'
import type { Tx } from '#runtime/database'
import type { Deps } from '#runtime/function'
import type { Order, OrderLine } from './order'
import { noteStep } from './progress'

/** Money to give back. */
export interface Refund {
  /** The capture it goes back from. */
  chargeId: string
  /** Tells refunds of one order apart; the same key is the same refund. */
  refundKey: string
  /** Minor units. */
  amount: number
  /** That of the order when not said. */
  currency?: string
  /** What it was paid for; empty when it is for none of the order's lines. */
  lines: readonly Pick<OrderLine, 'sku' | 'quantity' | 'unitPrice'>[]
  reason: string
}

/**
 * Says that money has to go back, once for each key, however often it is found out; of nothing, nothing is said. Who
 * calls it holds the lock of the order.
 */
export async function oweRefund(tx: Tx, order: Order, refund: Refund, deps: Pick<Deps, 'clock' | 'trace'>) {
  const { orderId, customerId } = order
  const { chargeId, refundKey, amount, currency = order.currency, reason } = refund
  const now = deps.clock.now()
  if (amount === 0 || !(await keepRefund(tx, order, refund, now))) return

  noteStep(tx, order, 'refund-due', deps, { amount, currency, reason })
  tx.emit(RefundDue, {
    ...{ orderId, customerId, chargeId, refundKey, amount, currency, reason },
    dueAt: now.toISOString(),
  })
}

/** False when it is known. */
async function keepRefund(
  tx: Tx,
  order: Order,
  { chargeId, refundKey, amount, currency = order.currency, lines }: Refund,
  at: Date,
): Promise<boolean> {
  const kept = lines.map(({ sku, quantity, unitPrice }) => ({ sku, quantity, unitPrice }))
  const { rowCount } = await tx.query(
    `insert into refunds (order_id, refund_key, charge_id, amount, currency, lines, due_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [order.orderId, refundKey, chargeId, amount, currency, JSON.stringify(kept), at],
  )
  return rowCount === 1
}
