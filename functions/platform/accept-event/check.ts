import type { EventDefinition } from '#runtime/event'
import { invalid, parse, type Fault } from '#runtime/parse'
import { isProblem } from '#runtime/respond'
import { problem } from '../problems'
import { Attributes } from './input'
import type { SentEvent } from './modes'
import type { OutsideEvents } from './outside-events'

/** An event that was checked: its class has taken its data, and fields that the class does not know are gone. */
export interface CheckedEvent {
  attributes: Attributes
  definition: EventDefinition
  data: object
}

/**
 * Checks all events of a request, first whether their sender may tell them, then what they say; what is wrong is told
 * with its place in the body. One that is wrong is enough to take none.
 */
export function checked(
  sent: readonly SentEvent[],
  known: OutsideEvents,
  allowed: readonly string[],
): CheckedEvent[] {
  const faults: Fault[] = []
  const forbidden: Fault[] = []
  const events = sent.flatMap(({ attributes, data, at }): CheckedEvent[] => {
    const read = tryTo(() => parse(Attributes, attributes, 'tolerant'), at.attributes, faults)
    if (!read) return []
    const pointer = below(at.attributes, '/type')
    const definition = known.get(read.type)
    if (!definition) {
      faults.push({ detail: 'is not a type that is taken from outside', pointer })
      return []
    }
    if (!allowed.includes(read.type)) forbidden.push({ detail: 'is not a type that you may send', pointer })
    const told = tryTo(() => parse(definition.Data, data, 'tolerant'), at.data, faults)
    return told ? [{ attributes: read, definition, data: told }] : []
  })
  if (forbidden.length > 0) throw problem('type-not-allowed', { errors: forbidden })
  if (faults.length > 0) throw invalid(faults)
  return events
}

/** What was parsed, or undefined with what is wrong added to the faults. */
function tryTo<T>(read: () => T, at: string, faults: Fault[]): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!isProblem(error)) throw error
    const { errors } = error.members as { errors: Fault[] }
    faults.push(...errors.map(({ detail, pointer }) => ({ detail, pointer: below(at, pointer.slice(1)) })))
    return undefined
  }
}

/** The pointer of a part; the attributes of an event in binary mode are headers that begin with `ce-`. */
const below = (at: string, part: string) => (at.endsWith('/ce-') ? at + part.slice(1) : at + part)
