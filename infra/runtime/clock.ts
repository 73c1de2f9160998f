import { readFileSync } from 'node:fs'
import { uuidv7 } from 'uuidv7'
import type { Environment } from './operation'

/** The only source of time in functions, so that a test can move it. */
export interface Clock {
  now(): Date
}

/** The only source of identifiers: UUIDv7 (RFC 9562), sortable by time and safe to make anywhere. */
export interface Ids {
  next(): string
}

export const systemClock: Clock = { now: () => new Date() }

/**
 * The clock of a process: the system's, unless KIOSK_CLOCK names a file. Then it is ahead of the system's by as many
 * milliseconds as stand in the file at that moment, so whoever writes there moves the time of every function at once.
 *
 * Only an embedded platform that was asked for a movable clock sets it. In a cluster it is refused: who can move a shop's
 * time can make its tokens last.
 */
export function clockIn(env: Environment): Clock {
  const file = env['KIOSK_CLOCK']
  if (!file) return systemClock
  if (env['KUBERNETES_SERVICE_HOST']) throw new Error('KIOSK_CLOCK is for the embedded platform only')
  let ahead = 0
  const now = () => {
    const text = readFileSync(file, 'utf8').trim()
    // Who is just writing it may have emptied it first.
    if (text !== '') ahead = millisecondsIn(text, file)
    return new Date(Date.now() + ahead)
  }
  return { now }
}

/** A number, or the clock stands wrong and nobody would know. */
function millisecondsIn(text: string, file: string): number {
  if (!/^-?\d{1,13}$/.test(text))
    throw new Error(`${file} should hold milliseconds, not "${text.slice(0, 40)}"`)
  return Number(text)
}

export const systemIds: Ids = { next: () => uuidv7() }
