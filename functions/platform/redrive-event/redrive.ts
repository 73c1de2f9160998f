import { RedriveRequested } from '#events/platform/redrive-requested.v1/event'
import type { Tx } from '#runtime/database'
import { accepted, type Reply } from '#runtime/reply'
import { daysBefore, RETENTION } from '#runtime/retention'
import { LISTENERS } from '../listeners'
import { problem } from '../problems'
import { destinationsOf } from './destinations'
import * as store from './store'

// By one request; the next takes the next.
const MOST_LETTERS = 500

/** Sends the letter of that id again; one that is settled stays as it is. */
export async function redriveOne(tx: Tx, id: string, now: Date): Promise<Reply> {
  const letter = await store.lockLetter(tx, id)
  if (!letter) throw problem('unknown-dead-letter')
  const destinations = destinationsOf(letter)
  if (letter.state === 'settled') return accepted({ id, state: letter.state, destinations })
  if (destinations.length === 0) throw problem('no-listener')
  if (letter.buriedAt <= daysBefore(now, RETENTION.repeatable)) throw problem('too-old')
  await sendAgain(tx, [id], now)
  return accepted({ id, state: 'redriven', destinations })
}

/** Sends the letters of a type that wait, the oldest first, as many as one request may. */
export async function redriveType(tx: Tx, type: string, now: Date): Promise<Reply> {
  if (!LISTENERS.some((listener) => listener.type === type)) throw problem('no-listener')
  const ids = await store.lockWaiting(tx, type, daysBefore(now, RETENTION.repeatable), MOST_LETTERS)
  await sendAgain(tx, ids, now)
  return accepted({ type, redriven: ids.length, waiting: await store.countWaiting(tx, type) })
}

async function sendAgain(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  await store.markRedriven(tx, ids, now)
  for (const deadLetterId of ids) tx.emit(RedriveRequested, { deadLetterId, requestedAt: now.toISOString() })
}
