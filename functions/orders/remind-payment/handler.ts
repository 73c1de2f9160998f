import { PaymentReminderDue } from '#events/orders/payment-reminder-due.v1/event'
import { every, type EventDeps, type TickOutcome } from '#runtime/on'
import { deadlineOf } from '../deadline'
import { noteStep } from '../progress'
import { hasRemindersLeft, takeDueReminders } from './store'

const BATCH = 100
const BUDGET_MS = 20_000

/**
 * Reminds customers of orders that are still not paid 4, 8 and 16 hours after their acceptance.
 *
 * That a reminder was given commits with its event, so each is given once, whatever ticks at the same moment. After a
 * pause of hours nobody hears of what was missed: only the latest reminder that is due is given.
 */
export async function remindPayment(deps: EventDeps): Promise<TickOutcome> {
  const { db, clock } = deps
  const started = performance.now()
  while (performance.now() - started < BUDGET_MS) {
    const count = await db.transaction(async (tx) => {
      const due = await takeDueReminders(tx, clock.now(), BATCH)
      for (const { acceptedAt, hours, ...order } of due) {
        const { orderId, customerId, total, currency } = order
        const deadline = deadlineOf(acceptedAt).toISOString()
        noteStep(tx, order, 'reminded', deps, { hours })
        tx.emit(PaymentReminderDue, { orderId, customerId, total, currency, hours, deadline })
      }
      return due.length
    })
    if (count < BATCH) break
  }
  return (await hasRemindersLeft(db)) ? 'more' : 'idle'
}

export default every(remindPayment)
