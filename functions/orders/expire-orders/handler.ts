import { every, type EventDeps, type TickOutcome } from '#runtime/on'
import { cancel } from '../cancellation'
import { DEADLINE_HOURS, hoursBefore } from '../deadline'
import { hasUnpaid, lockUnpaid } from './store'

const BATCH = 50
const BUDGET_MS = 20_000
const REASON = `It was not paid within ${DEADLINE_HOURS} hours.`

/**
 * Cancels every order that was not paid within 24 hours of its acceptance.
 *
 * It does so as its customer would, so the stock goes back on sale and a payment that comes later is given back. Ticks
 * at the same moment share the work; after a long pause everything that is due is done, a batch in a transaction.
 */
export async function expireOrders(deps: EventDeps): Promise<TickOutcome> {
  const { db, clock } = deps
  const started = performance.now()
  while (performance.now() - started < BUDGET_MS) {
    const count = await db.transaction(async (tx) => {
      const due = await lockUnpaid(tx, hoursBefore(clock.now(), DEADLINE_HOURS), BATCH)
      await Promise.all(due.map((id) => cancel(tx, id, { reason: REASON, by: 'deadline' }, deps)))
      return due.length
    })
    if (count < BATCH) break
  }
  return (await hasUnpaid(db)) ? 'more' : 'idle'
}

export default every(expireOrders)
