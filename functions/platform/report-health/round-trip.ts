import { setTimeout as pause } from 'node:timers/promises'
import { PingSent } from '#events/platform/ping-sent.v1/event'
import type { Deps } from '#runtime/http'
import type { Publish } from '#runtime/publish'
import { begin, isAnswered } from '../ping'

const LOOK_EVERY_MS = 50

/**
 * Sends a ping through the broker and resolves when its answer is there; who waits says for how long. It does not go by
 * the outbox: a ping that was lost is what is to be known.
 */
export async function roundTrip(
  { db, clock, ids, trace, publish }: Pick<Deps, 'db' | 'clock' | 'ids' | 'trace'> & { publish: Publish },
  signal: AbortSignal,
): Promise<void> {
  const [pingId, sentAt] = [ids.next(), clock.now()]
  await begin(db, pingId, sentAt)
  const { type, source, dataschema } = PingSent
  const data = { pingId, sentAt: sentAt.toISOString() }
  const extensions = { partitionkey: pingId, traceparent: trace.traceparent, correlationid: trace.traceId }
  await publish({
    id: ids.next(),
    type,
    source,
    subject: pingId,
    time: data.sentAt,
    dataschema,
    extensions,
    data,
  })
  while (!(await isAnswered(db, pingId))) await pause(LOOK_EVERY_MS, undefined, { signal })
}
