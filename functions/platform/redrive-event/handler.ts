import { RedriveRequested } from '#events/platform/redrive-requested.v1/event'
import { both } from '#runtime/both'
import { openDelivery } from '#runtime/deliver'
import { http, type Deps } from '#runtime/http'
import { on } from '#runtime/on'
import { invalid } from '#runtime/parse'
import { bringLetter } from './bring'
import { RedriveEvent } from './input'
import { redriveOne, redriveType } from './redrive'

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

export default both(
  http(RedriveEvent, redriveEvent),
  // Longer than a Trigger gives a function, shorter than its own Trigger gives this one.
  on(RedriveRequested, bringLetter, { deliver: (env) => openDelivery(env, { timeoutMs: 40_000 }) }),
)
