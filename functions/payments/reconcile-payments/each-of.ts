import type { Queryable } from '#runtime/database'
import type { EventDeps } from '#runtime/on'

/** How many are claimed at a time, and until when, by `performance.now()`. */
interface Limits {
  batch: number
  end: number
}

/** Works a batch at a time until nothing is due; one that fails does not hold up the others of its batch. */
export async function eachOf<T, D extends EventDeps>(
  claim: (db: Queryable, now: Date, limit: number) => Promise<T[]>,
  work: (one: T, deps: D) => Promise<void>,
  { batch, end }: Limits,
  deps: D,
): Promise<void> {
  const { db, clock, log } = deps
  while (performance.now() < end) {
    const claimed = await claim(db, clock.now(), batch)
    const outcomes = await Promise.allSettled(claimed.map((one) => work(one, deps)))
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failure) log.warn('not everything could be reconciled', { error: failure.reason as unknown })
    if (failure || claimed.length < batch) break
  }
}
