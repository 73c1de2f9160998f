import type { RefundDue } from '#events/orders/refund-due.v1/event'
import type { Database } from '#runtime/database'
import type { Refund } from '../payment'
import { insertRefund, lockCapture, promisedBack, refundBegun } from './store'

/**
 * Records a refund before the gateway is asked, or finds the one of that key. The capture is locked meanwhile, and open
 * refunds count like those that are done, so together they never exceed what was captured, however many begin at once.
 * A refund beyond that, or of a capture we do not know, is a fault of ours: it throws, and no money moves.
 */
export async function beginRefund(
  db: Database,
  due: RefundDue,
  at: Date,
): Promise<{ refund: Refund; isNew: boolean }> {
  const { orderId, chargeId, amount, currency } = due
  return db.transaction(async (tx) => {
    const capture = await lockCapture(tx, chargeId)
    if (capture?.orderId !== orderId || capture.currency !== currency) {
      throw new Error(`the capture ${chargeId} of the order ${orderId} is not known here`)
    }
    const [known, promised] = await Promise.all([refundBegun(tx, due), promisedBack(tx, chargeId)])
    if (known) return { refund: sameAs(due, known), isNew: false }
    if (promised + amount > capture.amount) {
      throw new Error(`more of ${chargeId} would go back than was captured: ${promised} and ${amount}`)
    }
    return { refund: await insertRefund(tx, due, at), isNew: true }
  })
}

function sameAs({ chargeId, amount }: RefundDue, known: Refund): Refund {
  if (known.chargeId === chargeId && known.amount === amount) return known
  throw new Error(`the refund ${known.key} was begun with another amount or of another capture`)
}
