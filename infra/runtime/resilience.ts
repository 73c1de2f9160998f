import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
} from 'cockatiel'
import { logWith } from './log'
import { requestProblem } from './problem'

/** What calls to another system may cost us. */
export interface Bounds {
  /** How long a call may take in all, its wait in the queue included. */
  timeoutMs: number
  /** The bulkhead: so many calls at once, so many more that wait; the next is refused. */
  concurrency: number
  queue: number
  /** The circuit breaker opens after so many failures in a row, with no answer between them; 5 when not given. */
  failures?: number
  /** How long it stays open before one call may try; 1 s when not given. */
  openMs?: number
}

/** What is the system's own trouble. An answer that says no to us is none: it shows that the system is there. */
interface Trouble {
  /** Every error when not given. */
  isFailure?: (error: Error) => boolean
  isFailedAnswer?: (answer: unknown) => boolean
}

/** Makes one call within the bounds; the signal is aborted when nobody waits for the answer any more. */
export type Call = <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>

/**
 * Bounds the calls of one port to another system: time-out, bulkhead and circuit breaker. A port opens one of these for
 * itself, so who shares the port shares its circuit, and nobody else does.
 *
 * A call that is refused here was not made: nobody was asked, so nothing happened there. It rejects with `unavailable`, 503 and
 * a `Retry-After`. One that took too long rejects with a `TimeoutError`, and what became of it is not known.
 */
export function resilience(system: string, bounds: Bounds, trouble: Trouble = {}): Call {
  const { timeoutMs, concurrency, queue, failures = 5, openMs = 1_000 } = bounds
  const limit = timeout(timeoutMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false })
  const room = bulkhead(concurrency, queue)
  const { circuit, leftOpenMs } = circuitFor(system, failures, openMs, trouble)
  const refused = (error: Error): unknown => {
    if (error instanceof TaskCancelledError)
      return named('TimeoutError', `${system} did not answer in ${timeoutMs} ms`)
    if (error instanceof BrokenCircuitError) return heldBack(error, leftOpenMs())
    return error instanceof BulkheadRejectedError ? heldBack(error, openMs) : error
  }
  return async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    // Who waited too long, for a turn or for another's probe, asks nothing any more and is no probe.
    const unlessLate = (signal: AbortSignal, next: () => Promise<T>) =>
      signal.aborted ? Promise.reject(new TaskCancelledError()) : next()
    try {
      // The bulkhead is not given the signal: with it, who gave up in the queue would keep the next one waiting (3.2.1).
      return await limit.execute(({ signal }) =>
        room.execute(() =>
          unlessLate(signal, () => circuit.execute(() => unlessLate(signal, () => work(signal)))),
        ),
      )
    } catch (error) {
      throw refused(error as Error)
    }
  }
}

function circuitFor(system: string, failures: number, openMs: number, trouble: Trouble) {
  const { isFailure = () => true, isFailedAnswer = () => false } = trouble
  const counted = handleWhen((error) => !(error instanceof TaskCancelledError) && isFailure(error))
  const circuit = circuitBreaker(counted.orWhenResult(isFailedAnswer), {
    halfOpenAfter: openMs,
    breaker: new ConsecutiveBreaker(failures),
  })
  const log = logWith({ system })
  let openUntil = 0
  circuit.onBreak(() => {
    openUntil = Date.now() + openMs
    log.warn('a circuit is open: the system is not asked for a while', { openMs })
  })
  circuit.onReset(() => log.info('a circuit is closed again'))
  return { circuit, leftOpenMs: () => openUntil - Date.now() }
}

/** Whether a call was not made at all, because the system is in trouble or has enough to do. */
export const isHeldBack = (error: unknown): boolean => (error as { kind?: string }).kind === 'unavailable'

const heldBack = (cause: Error, waitMs: number) => {
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000))
  return Object.assign(requestProblem('unavailable', {}, { 'Retry-After': String(seconds) }), { cause })
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name })
