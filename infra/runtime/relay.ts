import type { StoredEvent } from './binary-event'
import { openDelivery, type Deliver } from './deliver'
import { behindOneDoor } from './doors'
import type { EventDefinition } from './event'
import type { Deployable } from './function'
import { http } from './http'
import { every, on, type EventDeps, type TickOutcome } from './on'
import { claimUnsent, hasUnsent, markSent, postpone } from './outbox'
import { isRefusedEvent, openPublisher, type Publish } from './publish'
import { beginReplay, continueReplays, type ReplayRequest } from './relay-replays'
import { OutboxQuery, reportOutbox } from './relay-report'
import { prune } from './relay-retention'

type Deps = EventDeps & { publish: Publish; deliver: Deliver }

const BATCH = 200
const BUDGET_MS = 20_000

/** A tick of a domain's outbox: what was left behind is sent, what is to be had again is brought, what is old goes. */
export async function relay(deps: Deps, forgets: readonly string[] = []): Promise<TickOutcome> {
  const { db, log } = deps
  await sendUnsent(deps)
  const isReplaying = await continueReplays(deps)
  const pruned = await prune(db, forgets)
  if (pruned > 0) log.info('deleted what nobody can ask for any more', { rows: pruned })
  return isReplaying || (await hasUnsent(db)) ? 'more' : 'idle'
}

/**
 * Sends what a crash left unsent: events that were committed more than five seconds ago and that no broker has taken.
 *
 * Events leave oldest first and a batch at a time. One that the broker refuses does not hold up the others: it is tried
 * again ever less often and stays unsent, where operators see it. Of a broker that takes nothing no more is asked in this
 * tick. Sending twice is harmless (consumers know events by source and id), sending never is not, so an event is marked
 * only when the broker has acknowledged it.
 */
async function sendUnsent({ db, log, publish }: Deps): Promise<void> {
  const started = performance.now()
  let total = 0
  while (performance.now() - started < BUDGET_MS) {
    const events = await claimUnsent(db, BATCH)
    if (events.length === 0) break
    const { sent, refused, unanswered, reason } = await sendAll(events, publish)
    if (sent.length > 0) await markSent(db, sent)
    if (refused.length > 0) await postpone(db, refused)
    total += sent.length
    if (reason !== undefined) {
      const counts = { refused: refused.length, unanswered: unanswered.length }
      log.warn('the broker did not take every event; they are tried again', { ...counts, error: reason })
    }
    if (sent.length === 0 && unanswered.length > 0) break
  }
  if (total > 0) log.info('sent events that were left behind', { total })
}

/** Sends events side by side, and tells by id what became of them and why the first that was not taken was not. */
async function sendAll(events: readonly StoredEvent[], publish: Publish) {
  const outcomes = await Promise.all(
    events.map(async (event) => {
      try {
        await publish(event)
        return { id: event.id, was: 'sent' } as const
      } catch (reason) {
        return { id: event.id, was: isRefusedEvent(reason) ? 'refused' : 'unanswered', reason } as const
      }
    }),
  )
  const those = (was: string) => outcomes.filter((outcome) => outcome.was === was).map(({ id }) => id)
  const { reason } = outcomes.find((outcome) => outcome.was !== 'sent') ?? {}
  return { sent: those('sent'), refused: those('refused'), unanswered: those('unanswered'), reason }
}

/**
 * The keeper of a domain's outbox: woken by its timer, told of replays by an event (of a domain that announces nothing,
 * there are none), and asked by other operations. `forgets` is what the domain forgets beside what all do (`prune`).
 */
export const relayOf = (
  Requested?: EventDefinition<ReplayRequest>,
  forgets: readonly string[] = [],
): Deployable =>
  behindOneDoor({
    tick: every((deps: Deps) => relay(deps, forgets), { publish: openPublisher, deliver: openDelivery }),
    ...(Requested && { event: on(Requested, beginReplay, { deliver: openDelivery }) }),
    ask: http(OutboxQuery, reportOutbox),
  })
