import { setTimeout as pause } from 'node:timers/promises'
import type { Answer, Options, Shop } from '../client'

/** What a client that means it saw on the way to its answer. */
export interface Insisted<B> extends Answer<B> {
  /** Requests that were needed. */
  tries: number
}

const TIMEOUT_MS = 10_000
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 2_000

/** One request, and no patience: undefined where there was no answer that counts. */
export async function once<B>(
  shop: Shop,
  route: string,
  body: unknown,
  options: Options,
  timeoutMs = TIMEOUT_MS,
): Promise<Answer<B> | undefined> {
  const signal = AbortSignal.timeout(timeoutMs)
  const answer = await shop.call<B>(route, body, { ...options, signal }).catch(() => undefined)
  return answer && counts(answer) ? answer : undefined
}

/**
 * Asks as a good client does: the same request with the same Idempotency-Key again, with growing pauses, for as long as
 * there is no answer, a fault (5xx), or a request to come again.
 */
export async function insist<B>(
  shop: Shop,
  route: string,
  body: unknown,
  options: Options,
  timeoutMs = TIMEOUT_MS,
): Promise<Insisted<B>> {
  for (let tries = 1, wait = FIRST_PAUSE_MS; ; tries++) {
    const answer = await once<B>(shop, route, body, options, timeoutMs)
    if (answer) return { ...answer, tries }
    await pause(wait * (0.5 + Math.random() / 2))
    wait = Math.min(2 * wait, LONGEST_PAUSE_MS)
  }
}

/** 409 with Retry-After is a repetition that met its first request at work. */
const counts = ({ status, headers }: Answer<unknown>) =>
  status < 500 && status !== 408 && status !== 429 && !(status === 409 && headers.has('retry-after'))
