import { binaryEvent, sequenced } from './binary-event'
import type { Deliver, Delivery } from './deliver'
import type { EventDeps } from './on'
import { eventsAfter, type LoggedEvent } from './outbox-log'
import {
  advanceReplay,
  claimReplay,
  endReplay,
  hasOpenReplays,
  insertReplay,
  leaveReplay,
  postponeReplay,
  type Replay,
} from './replays'

/** The data of the event that asks for a replay, as a relay reads it. */
export interface ReplayRequest {
  replayId: string
  from: string
  until: string
  /** CloudEvents types. */
  types: string[]
  /** The Service that is to have the events again. */
  destination: string
}

type Deps = EventDeps & { deliver: Deliver }

const BATCH = 10
const BUDGET_MS = 10_000
const MOST_FAILURES = 20

/** Notes that a replay was asked for, once, and begins it; what is left is done by the ticks that follow. */
export async function beginReplay(request: ReplayRequest, deps: Deps): Promise<void> {
  const { db, event } = deps
  await db.once(event, (tx) => insertReplay(tx, request))
  await continueReplays(deps)
}

/**
 * Brings the events of open replays to their functions, oldest first and a few at a time, until all are through or time
 * is up; says whether anything is left. What was brought is noted batch by batch: after a crash the last batch comes
 * again, which a consumer knows by source and id. An event that its function refuses is noted and passed over; a
 * function that is away is waited for.
 */
export async function continueReplays(deps: Deps): Promise<boolean> {
  const { db } = deps
  const end = performance.now() + BUDGET_MS
  while (performance.now() < end) {
    const replay = await claimReplay(db)
    if (!replay) break
    await continueReplay(replay, end, deps)
  }
  return hasOpenReplays(db)
}

async function continueReplay(claimed: Replay, end: number, { db, log, deliver }: Deps): Promise<void> {
  let replay: Replay | undefined = claimed
  while (replay && performance.now() < end) {
    const events = await eventsAfter(db, replay, replay.after, BATCH)
    if (events.length === 0) {
      await endReplay(db, replay)
      return
    }
    const { destination } = replay
    const deliveries = await Promise.all(
      events.map(({ event, sequence }) => deliver(destination, binaryEvent(sequenced(event, sequence)))),
    )
    const absence = deliveries.find(({ away }) => away)
    if (absence) {
      log.warn('a replay waits for its function', { replay: replay.id, destination, answer: absence.answer })
      await postponeReplay(db, replay, `${absence.status ?? 'no answer'}: ${absence.answer}`)
      return
    }
    replay = await advanceReplay(db, replay, progressOf(replay, events, deliveries))
  }
  if (replay) await leaveReplay(db, replay)
}

function progressOf(replay: Replay, events: readonly LoggedEvent[], deliveries: readonly Delivery[]) {
  const refused = events.flatMap(({ event: { id, type } }, index) => {
    const { taken, status, answer } = deliveries[index]!
    return taken ? [] : [{ id, type, answer, ...(status !== undefined && { status }) }]
  })
  const { at, sequence } = events.at(-1)!
  return {
    after: { at, sequence },
    sent: events.length - refused.length,
    failed: refused.length,
    failures: [...replay.failures, ...refused].slice(0, MOST_FAILURES),
  }
}
