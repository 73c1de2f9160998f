/**
 * A dead letter waits buried until it is sent again. Then it is settled, when its function took it, or has failed again
 * and waits as before.
 */
export type DeadLetterState = 'buried' | 'redriven' | 'settled' | 'failed-again'

export const DEAD_LETTER_STATES: readonly DeadLetterState[] = [
  'buried',
  'redriven',
  'settled',
  'failed-again',
]

/** Why an event is dead, as far as the broker said; brokers differ in how much they say. */
export interface Cause {
  /** The Trigger, or the address of its subscriber, that could not take the event. */
  trigger?: string
  attempts?: number
  /** Where the last delivery went (Knative's `knativeerrordest`). */
  destination?: string
  /** The HTTP status of the last delivery (`knativeerrorcode`). */
  code?: number
  /** The beginning of what the last delivery answered (`knativeerrordata`). */
  answer?: string
  /** Of the trace in which the event was announced. */
  traceparent?: string
}

/** An event that no function could handle, as it came. */
export interface DeadLetter {
  source: string
  eventId: string
  type: string
  subject: string | null
  /** Empty when the broker did not say. */
  trigger: string
  /** All context attributes, extensions included. */
  attributes: Record<string, unknown>
  /** Null when the event had none. */
  data: Buffer | null
  cause: Cause
}

/** The most of an answer that is kept, in characters. */
export const LONGEST_ANSWER = 1_024
