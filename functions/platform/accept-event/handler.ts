import type { Deployable } from '#runtime/function'
import { http, type Deps } from '#runtime/http'
import { requestProblem } from '#runtime/problem'
import { checked } from './check'
import { AcceptEvent } from './input'
import { eventsIn } from './modes'
import { outsideEvents, type OutsideEvents } from './outside-events'
import { keepNew, producerWith } from './store'

type Ports = { known: () => Promise<OutsideEvents> }

/**
 * Takes in events from outside, from those who may tell them.
 *
 * The sender is known by a credential of its own, looked at before anything else is read. A request's events are taken
 * whole or not at all: each is checked against its class, where fields we do not know are dropped, and against the types
 * that the credential allows. An event that its producer told before is taken again with no effect. What is new leaves
 * through the outbox as an event of ours, with an id of ours: no id that somebody outside may choose can pass for one that
 * a function has handled.
 */
export async function acceptEvent(_: AcceptEvent, { db, clock, request, known }: Deps & Ports) {
  const credential = /^Bearer (kiosk_[\w-]{43})$/i.exec(request.headers.authorization ?? '')?.[1]
  const producer = credential === undefined ? undefined : await producerWith(db, credential)
  if (!producer) throw requestProblem('unauthenticated', {}, { 'WWW-Authenticate': 'Bearer' })

  const events = checked(eventsIn(request), await known(), producer.types)
  return db.transaction(async (tx) => {
    const news = events.length > 0 ? await keepNew(tx, producer, events, clock.now()) : []
    for (const { definition, data } of news) tx.emit(definition, data)
    return { status: 202 }
  })
}

/** The types that are taken are those that function.json says it emits. */
const acceptEventFunction: Deployable = (operation, parts, env) => {
  const loading = outsideEvents(operation.emits ?? [])
  loading.catch(() => undefined)
  return http(AcceptEvent, acceptEvent, { known: () => () => loading })(operation, parts, env)
}

export default acceptEventFunction
