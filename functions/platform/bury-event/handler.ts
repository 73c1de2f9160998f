import type { CloudEvent } from 'cloudevents'
import { onAny, type EventDeps } from '#runtime/on'
import { deadLetterOf } from './letter'
import { bury } from './store'

/**
 * Keeps an event that no function could handle.
 *
 * It is the last stop: a broker that cannot deliver here drops the event. So nothing about the event is judged, and
 * everything is kept, data that is no JSON and attributes we do not know included. A letter delivered twice is kept
 * once for each Trigger; one that was sent again and died again is buried again, with its newest cause.
 */
export async function buryEvent(event: CloudEvent, { db, clock }: EventDeps) {
  await bury(db, deadLetterOf(event), clock.now())
}

export default onAny(buryEvent)
