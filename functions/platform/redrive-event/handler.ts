import { RedriveRequested } from '#events/platform/redrive-requested.v1/event'
import { both } from '#runtime/both'
import type { Tx } from '#runtime/database'
import { openDelivery } from '#runtime/deliver'
import { accepted, http, type Deps, type Reply } from '#runtime/http'
import { on } from '#runtime/on'
import { invalid } from '#runtime/parse'
import { daysBefore, RETENTION } from '#runtime/retention'
import { LISTENERS } from '../listeners'
import { problem } from '../problems'
import { bringLetter } from './bring'
import { destinationsOf } from './destinations'
import { RedriveEvent } from './input'
import * as store from './store'

// By one request; the next takes the next.
const MOST_LETTERS = 500

/**
 * Sends dead letters again, each to the function that could not take it.
 *
 * What is answered is that they will be: the letter and the event that brings it on its way commit together, and what
 * becomes of it stands in the list. A function knows an event that it has handled, so a letter that is sent twice has
 * one effect. That memory ends, and so a letter that is too old is refused.
 */
export async function redriveEvent({ id, type }: RedriveEvent, { db, clock }: Deps) {
  if ((id === undefined) === (type === undefined)) {
    throw invalid([{ detail: 'one letter, or all of a type: the one or the other', pointer: '#/type' }])
  }
  const now = clock.now()
  return db.transaction((tx) => (id === undefined ? redriveType(tx, type!, now) : redriveOne(tx, id, now)))
}

async function redriveOne(tx: Tx, id: string, now: Date): Promise<Reply> {
  const letter = await store.lockLetter(tx, id)
  if (!letter) throw problem('unknown-dead-letter')
  const destinations = destinationsOf(letter)
  if (letter.state === 'settled') return accepted({ id, state: letter.state, destinations })
  if (destinations.length === 0) throw problem('no-listener')
  if (letter.buriedAt <= daysBefore(now, RETENTION.repeatable)) throw problem('too-old')
  await sendAgain(tx, [id], now)
  return accepted({ id, state: 'redriven', destinations })
}

async function redriveType(tx: Tx, type: string, now: Date): Promise<Reply> {
  if (!LISTENERS.some((listener) => listener.type === type)) throw problem('no-listener')
  const ids = await store.lockWaiting(tx, type, daysBefore(now, RETENTION.repeatable), MOST_LETTERS)
  await sendAgain(tx, ids, now)
  return accepted({ type, redriven: ids.length, waiting: await store.countWaiting(tx, type) })
}

async function sendAgain(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  await store.markRedriven(tx, ids, now)
  for (const deadLetterId of ids) tx.emit(RedriveRequested, { deadLetterId, requestedAt: now.toISOString() })
}

export default both(
  http(RedriveEvent, redriveEvent),
  // Longer than a Trigger gives a function, shorter than its own Trigger gives this one.
  on(RedriveRequested, bringLetter, { deliver: (env) => openDelivery(env, { timeoutMs: 40_000 }) }),
)
