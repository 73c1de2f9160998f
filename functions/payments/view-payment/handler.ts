import { isStaff } from '#runtime/caller'
import { http, ok, type Deps } from '#runtime/http'
import { peer, type Peer } from '#runtime/peer'
import { askedOrder, type AskedOrder } from '../asked-order'
import { statusOf, UNKNOWN_CURRENCY } from '../payment'
import { problem } from '../problems'
import { ViewPayment } from './input'
import { paymentOf, type StoredAttempt } from './store'

type Ports = { viewOrder: Peer }

/**
 * Shows what was paid for an order, and each try to pay it.
 *
 * Staff see every payment. To anyone else another's does not exist: 404, not 403, so that ids tell nothing.
 * Of an order that was off before it was paid the status is `none`, as orders say it of one that never had to be paid. What
 * orders have not told us yet they are asked, as the caller.
 */
export async function viewPayment({ id }: ViewPayment, { db, caller, request, viewOrder }: Deps & Ports) {
  const payment = await paymentOf(db, id)
  if (payment && payment.customerId !== caller.id && !isStaff(caller)) throw problem('unknown-payment')
  if (!payment || payment.currency === UNKNOWN_CURRENCY) {
    const order = await askedOrder(viewOrder, id, request.headers)
    if (!order) throw problem('unknown-payment')
    return ok(unpaid(order))
  }
  const { orderId, status, reason, amount, captured, refunded, currency, attempts } = payment
  return ok({
    ...{
      orderId,
      status: status === 'closed' ? 'none' : status,
      ...(reason !== null && { reason }),
      amount,
      captured,
      refunded,
      currency,
    },
    attempts: attempts.map(shown),
  })
}

const unpaid = ({ orderId, total: amount, currency, status, payment }: AskedOrder) => ({
  ...{ orderId, status: status === 'awaiting-payment' ? payment.status : 'none', amount, currency },
  ...{ captured: 0, refunded: 0, attempts: [] },
})

const shown = ({ attempt, method, state, reason, startedAt }: StoredAttempt) => ({
  attempt,
  paymentMethod: method,
  status: statusOf(state),
  ...(reason !== null && { reason }),
  startedAt: new Date(startedAt).toISOString(),
})

export default http(ViewPayment, viewPayment, { viewOrder: peer('view-order') })
