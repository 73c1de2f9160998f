import { uuidv7 } from 'uuidv7'

/** The only source of time in functions, so that a test can move it. */
export interface Clock {
  now(): Date
}

/** The only source of identifiers: UUIDv7 (RFC 9562), sortable by time and safe to make anywhere. */
export interface Ids {
  next(): string
}

export const systemClock: Clock = { now: () => new Date() }
export const systemIds: Ids = { next: () => uuidv7() }
