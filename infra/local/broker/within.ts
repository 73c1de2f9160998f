import { setTimeout as pause } from 'node:timers/promises'

/** Waits until the work is done, but not longer than `limitMs`; says nothing of how it ended. */
export async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  const limit = new AbortController()
  const ended = work.catch(() => undefined)
  await Promise.race([ended, pause(limitMs, undefined, { signal: limit.signal }).catch(() => undefined)])
  limit.abort()
}
