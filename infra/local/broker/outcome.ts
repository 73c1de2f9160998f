import type { Delivery } from '../manifests/manifests'

/** A subscriber's answer: the event is done, comes again, or is gone without retry and without dead letter. */
export type Verdict = 'taken' | 'again' | 'refused'

/**
 * What a status means for the event: the strictest reading of all brokers that Kiosk runs on.
 *
 * Knative's data plane also retries 404 and 409, but both of its JetStream brokers terminate the event there, as at
 * any other 3xx or 4xx, and write no dead letter. Whoever passes here passes on all of them.
 */
export function verdictOf(status: number): Verdict {
  if (status >= 200 && status < 300) return 'taken'
  if (status === 408 || status === 429) return 'again'
  return status >= 100 && status < 500 ? 'refused' : 'again'
}

/** A longer Retry-After than this, in milliseconds, is not believed. */
const LONGEST_RETRY_AFTER_MS = 3_600_000

/**
 * Milliseconds from the `failed`th failed try (1 for the first) to the next: `delay * failed`, or
 * `delay * 2^failed`, as Knative's JetStream brokers count; longer if the function asked for it by Retry-After.
 */
export function backoffMs(delivery: Delivery, failed: number, retryAfterMs = 0): number {
  const { backoffPolicy, backoffDelayMs } = delivery
  const factor = backoffPolicy === 'linear' ? failed : 2 ** failed
  return Math.max(backoffDelayMs * factor, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS))
}

/** Milliseconds that a Retry-After header asks for (RFC 9110, section 10.2.3): seconds or a date; else 0. */
export function retryAfterMs(header: string | string[] | undefined, now: number): number {
  const value = String(header ?? '').trim()
  if (/^\d+$/.test(value)) return Number(value) * 1_000
  const date = Date.parse(value)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now)
}

/** Milliseconds until a dead letter that was not taken is tried again: 1 s, 2 s, 4 s and so on to a minute. */
export const deadLetterDelayMs = (refusals: number): number => Math.min(1_000 * 2 ** (refusals - 1), 60_000)
