import type { StoredEvent } from '#runtime/binary-event'
import type { DataOf, EventDefinition } from '#runtime/event'
import type { EventDeps } from '#runtime/on'
import { parse } from '#runtime/parse'
import type { openDomain } from './domain'
import { operations } from './tree'

export type Domain = ReturnType<typeof openDomain>

/** Somebody who hears events of a type. */
export interface Ear {
  name: string
  type: string
  hear: (event: StoredEvent) => Promise<unknown>
}

/** Every operation of the domain may work on this one database, and announce what its own function.json allows. */
export function sharedByAll(domain: Domain): Domain {
  const { operation } = domain
  operation.emits = operations().flatMap((one) => (one.domain === operation.domain ? (one.emits ?? []) : []))
  return domain
}

/** A handler as its Trigger would call it: with the event's own source and id, and its data as a consumer reads them. */
export const ear = <E extends EventDefinition, P extends object = object>(
  domain: Domain,
  definition: E,
  handle: (data: DataOf<E>, deps: EventDeps & P) => Promise<unknown>,
  ports: () => P = () => ({}) as P,
): Ear => ({
  name: handle.name,
  type: definition.type,
  hear: ({ id, source, type, subject, time, data, extensions }) => {
    const event = { id, source, type, subject, time, correlationId: extensions['correlationid'] ?? '' }
    const deps = Object.assign(domain.eventDeps(id, { event }), ports())
    return handle(parse(definition.Data, data, 'tolerant') as DataOf<E>, deps)
  },
})

/** How events arrive. */
export interface Delivery {
  /** How often each is delivered, to each who hears it. */
  times?: number
  /** Of what remains to be delivered, which comes next is shuffled by this number; none is first come, first served. */
  shuffledBy?: number
  /** How many are delivered at the same moment. */
  atOnce?: number
}

const MOST_TRIES = 200

/**
 * Delivers what the domains announce to those who hear it, until nothing is left: repeated, reordered and at the same
 * moment if it is told to. A delivery that fails comes again, as a broker does it; events are never read twice.
 */
export function openBus(domains: Domain[], ears: Ear[]) {
  const read = new Set<string>()
  const news = async (): Promise<StoredEvent[]> => {
    const select = 'select event from outbox order by sequence'
    const rows = (
      await Promise.all(domains.map((domain) => domain.rows<{ event: StoredEvent }>(select)))
    ).flat()
    const fresh = rows.map(({ event }) => event).filter(({ source, id }) => !read.has(`${source} ${id}`))
    for (const { source, id } of fresh) read.add(`${source} ${id}`)
    return fresh
  }
  return async ({ times = 1, shuffledBy, atOnce = 1 }: Delivery = {}): Promise<void> => {
    const random = shuffledBy === undefined ? undefined : randomFrom(shuffledBy)
    const waiting: { event: StoredEvent; to: Ear; tries: number }[] = []
    for (;;) {
      for (const event of await news()) {
        const hearing = ears.filter(({ type }) => type === event.type)
        for (const to of hearing)
          waiting.push(...Array.from({ length: times }, () => ({ event, to, tries: 0 })))
      }
      if (waiting.length === 0) return
      const next = Array.from({ length: Math.min(atOnce, waiting.length) }, () => {
        const at = random ? Math.floor(random() * waiting.length) : 0
        return waiting.splice(at, 1)[0]!
      })
      const outcomes = await Promise.allSettled(next.map(({ event, to }) => to.hear(event)))
      for (const [at, outcome] of outcomes.entries()) {
        const one = next[at]!
        if (outcome.status === 'fulfilled') continue
        if (++one.tries > MOST_TRIES)
          throw new Error(`${one.to.name} never succeeds`, { cause: outcome.reason })
        waiting.push(one)
      }
    }
  }
}

/** Numbers from 0 up to 1 that look random and are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
