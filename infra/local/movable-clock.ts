import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { clockIn, type Clock } from '#runtime/clock'

/** A time that can be moved, for who wants to see a day pass in a minute. */
export interface MovableClock extends Clock {
  /** What makes a function go by it. */
  environment: Record<string, string>
  /** Calls when the time was moved, at most a moment later. */
  onMoved(moved: (now: Date) => void): void
  stop(): void
}

const LOOK_MS = 100

/**
 * The clock that functions read from a file: milliseconds ahead of the system's. Whoever writes the file moves it; what
 * has waited for a moment that is now past is woken by `onMoved`, since nothing else would wake it before its minute.
 */
export function openMovableClock(file: string): MovableClock {
  if (!existsSync(file)) writeFileSync(file, '0\n')
  const environment = { KIOSK_CLOCK: file }
  const clock = clockIn(environment)
  const now = () => clock.now()
  let timer: NodeJS.Timeout | undefined
  return {
    environment,
    now,
    onMoved(moved) {
      let seen = readFileSync(file, 'utf8')
      timer = setInterval(() => {
        const text = readFileSync(file, 'utf8')
        // A file that is being written may be seen empty.
        if (text === seen || text.trim() === '') return
        seen = text
        moved(now())
      }, LOOK_MS)
    },
    stop: () => clearInterval(timer),
  }
}
