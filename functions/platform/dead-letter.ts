/** A dead letter waits buried until it is sent again; one that dies again is buried again. */
export type DeadLetterState = 'buried' | 'redriven'

export const DEAD_LETTER_STATES: readonly DeadLetterState[] = ['buried', 'redriven']

/** Why an event is dead, as far as the broker said; brokers differ in how much they say. */
export interface Cause {
  /** The Trigger, or the address of its subscriber, that could not take the event. */
  trigger?: string
  attempts?: number
  /** Where the last delivery went (Knative's `knativeerrordest`). */
  destination?: string
  /** The HTTP status of the last delivery (`knativeerrorcode`). */
  code?: number
  /** What the last delivery answered (`knativeerrordata`). */
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
