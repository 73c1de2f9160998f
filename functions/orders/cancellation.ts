import { OrderCancelled } from '#events/orders/order-cancelled.v1/event'
import type { Tx } from '#runtime/database'
import type { Deps } from '#runtime/function'
import type { Order } from './order'
import { advance, noteStep } from './progress'
import { oweRefund } from './refund'

/** Why an order ends, and who ended it. */
export interface Cancellation {
  reason: string
  by: 'customer' | 'staff' | 'deadline'
}

/**
 * Ends an order that may still be ended, and says what follows: its stock is free, and what was captured goes back. A
 * capture that is on its way is given back when it arrives. Answers undefined when the order can no longer be ended.
 */
export async function cancel(
  tx: Tx,
  orderId: string,
  { reason, by }: Cancellation,
  deps: Pick<Deps, 'clock' | 'trace'>,
): Promise<Order | undefined> {
  const now = deps.clock.now()
  const order = await advance(tx, orderId, 'cancelled', {}, now)
  if (!order) return undefined

  noteStep(tx, order, 'cancelled', deps, { reason, by })
  const { customerId, chargeId, lines, total: amount } = order
  tx.emit(OrderCancelled, { orderId, customerId, reason, cancelledAt: now.toISOString() })
  if (chargeId === null) forgetPayment(tx, orderId)
  else {
    const refund = { chargeId, refundKey: 'cancellation', amount, lines }
    await oweRefund(tx, order, { ...refund, reason: 'The order was cancelled.' }, deps)
  }
  return order
}

/** Nothing was paid and nothing is awaited any more. */
function forgetPayment(tx: Tx, orderId: string): void {
  tx.write(`update orders set payment_status = 'none', payment_reason = null where id = $1`, [orderId])
}
