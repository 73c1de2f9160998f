import { isStaff } from '#runtime/caller'
import { http, ok, type Deps } from '#runtime/http'
import { statusOf } from '../payment'
import { problem } from '../problems'
import { ViewPayment } from './input'
import { paymentOf, type StoredAttempt } from './store'

/**
 * Shows what was paid for an order, and each try to pay it.
 *
 * Staff see every payment. To anyone else another's does not exist: 404, not 403, so that ids tell nothing.
 * Of an order that was off before it was paid the status is `none`, as orders say it of one that never had to be paid.
 */
export async function viewPayment({ id }: ViewPayment, { db, caller }: Deps) {
  const payment = await paymentOf(db, id)
  if (!payment || (payment.customerId !== caller.id && !isStaff(caller))) throw problem('unknown-payment')
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

const shown = ({ attempt, method, state, reason, startedAt }: StoredAttempt) => ({
  attempt,
  paymentMethod: method,
  status: statusOf(state),
  ...(reason !== null && { reason }),
  startedAt: new Date(startedAt).toISOString(),
})

export default http(ViewPayment, viewPayment)
