import { RefundDue } from '#events/orders/refund-due.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { paymentGateway, type Gateway } from '../gateway'
import { askAgain, settleRefund } from '../refunds'
import { beginRefund } from './begin'

type Deps = EventDeps & { gateway: Gateway }

/**
 * Gives captured money back.
 *
 * The refund is recorded before the gateway is asked, and the gateway is asked outside any transaction with the refund's
 * own key: after a crash at any point, by this event or by reconciling, it is asked again and gives back nothing twice.
 * When it gives no answer, the event is delivered again.
 */
export async function refund(due: RefundDue, { db, event, clock, gateway }: Deps) {
  const { refund: begun, isNew } = await beginRefund(db, due, clock.now())
  if (begun.state === 'refunded') return

  const answer = await (isNew ? gateway.refund(begun) : askAgain(gateway, begun))
  await db.once(event, (tx) => settleRefund(tx, begun, answer, clock.now()))
}

export default on(RefundDue, refund, { gateway: paymentGateway })
