import type { CloudEvent } from './cloud-event'

/** What an observer needs to know an event by. */
export interface ObservedEvent {
  id: string
  type: string
  source: string
  subject?: string
}

/**
 * Something that happened to one event, for the console and the log.
 *
 * - `accepted`: JetStream has it; `duplicate`: it had it already, by source and id
 * - `delivered`: a function took it; `replied`: its answer was an event, which is in the broker now
 * - `retried`: a try failed and another one follows after `delayMs`
 * - `dead-lettered`: the dead-letter sink took it; `dead-letter-delayed`: it did not, and will be asked again
 * - `lost`: nobody gets it any more
 */
export interface Observation {
  kind:
    | 'accepted'
    | 'duplicate'
    | 'delivered'
    | 'replied'
    | 'retried'
    | 'dead-lettered'
    | 'dead-letter-delayed'
    | 'lost'
  broker: string
  event: ObservedEvent
  trigger?: string
  /** The function that was asked. */
  service?: string
  /** Its answer; 500 stands for a connection error or a timeout. */
  status?: number
  /** 1 for the first delivery. */
  attempt?: number
  /** How long the function, or JetStream, took. */
  ms?: number
  delayMs?: number
  /** Something a person has to change, in a sentence or two. */
  warning?: string
}

export type Observe = (observation: Observation) => void

export function observed({ id, type, source, attributes }: CloudEvent): ObservedEvent {
  const subject = attributes.get('subject')
  return { id, type, source, ...(subject === undefined ? {} : { subject }) }
}
