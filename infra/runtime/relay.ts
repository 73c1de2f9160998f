import { every, type TickOutcome } from './on'
import { claimUnsent, hasUnsent, markSent } from './outbox'
import { openPublisher, type Publish } from './publish'
import type { EventDeps } from './on'

const BATCH = 200
const BUDGET_MS = 20_000

/**
 * Sends what a crash left unsent: events that were committed more than five seconds ago and that no broker has taken.
 *
 * Events leave oldest first and a batch at a time; one that the broker refuses does not hold up the others. Sending
 * twice is harmless (consumers know events by source and id), sending never is not, so an event is marked only when
 * the broker has acknowledged it.
 */
export async function relay({ db, log, publish }: EventDeps & { publish: Publish }): Promise<TickOutcome> {
  const started = performance.now()
  let total = 0
  while (performance.now() - started < BUDGET_MS) {
    const events = await claimUnsent(db, BATCH)
    if (events.length === 0) break
    const outcomes = await Promise.allSettled(events.map((event) => publish(event)))
    const sent = events.filter((_, index) => outcomes[index]!.status === 'fulfilled').map(({ id }) => id)
    if (sent.length > 0) await markSent(db, sent)
    total += sent.length
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failure) {
      log.warn('the broker did not take every event; the next run tries again', {
        error: failure.reason as unknown,
      })
      break
    }
  }
  if (total > 0) log.info('sent events that were left behind', { total })
  return (await hasUnsent(db)) ? 'more' : 'idle'
}

export const relayFunction = every(relay, { publish: openPublisher })
