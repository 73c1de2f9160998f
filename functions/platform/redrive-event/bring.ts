import type { RedriveRequested } from '#events/platform/redrive-requested.v1/event'
import type { Deliver } from '#runtime/deliver'
import type { EventDeps } from '#runtime/on'
import { problem } from '../problems'
import { destinationsOf } from './destinations'
import { messageOf } from './message'
import * as store from './store'

/** Brings one letter to its function, and notes what became of it. No inbox: a second time ends as the first did. */
export async function bringLetter(
  { deadLetterId: id }: RedriveRequested,
  deps: EventDeps & { deliver: Deliver },
) {
  const { db, clock, deliver } = deps
  const letter = await store.letterOf(db, id)
  if (letter?.state !== 'redriven') return

  const destinations = destinationsOf(letter)
  const deliveries = await Promise.all(destinations.map((service) => deliver(service, messageOf(letter))))
  const at = deliveries.findIndex(({ taken }) => !taken)
  if (destinations.length > 0 && at < 0) return store.markSettled(db, id, clock.now())

  const { code: _, ...cause } = letter.cause
  const { status, answer = problem('no-listener').title } = deliveries[at] ?? {}
  const attempts = (cause.attempts ?? 0) + 1
  const newest = { ...cause, attempts, answer, ...(status !== undefined && { code: status }) }
  await store.markFailedAgain(db, id, newest)
}
