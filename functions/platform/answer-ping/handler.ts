import { PingSent } from '#events/platform/ping-sent.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { answer } from '../ping'

/**
 * Answers a ping, so that whoever sent it knows that events arrive.
 *
 * The first answer counts. A ping that comes too late is not there any more, and nobody waits for it.
 */
export async function answerPing({ pingId }: PingSent, { db, clock }: EventDeps) {
  await answer(db, pingId, clock.now())
}

export default on(PingSent, answerPing)
