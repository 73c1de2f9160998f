import { openExchange } from './exchange'
import type { Environment } from './operation'
import { openAddresses } from './peer'

/** What a function said to an event that was brought to it directly. */
export interface Delivery {
  /** It has handled the event, now or before. */
  taken: boolean
  /** Nobody could be asked just now; the same event may be taken in a moment. */
  away: boolean
  /** The HTTP status; none when there was no answer. */
  status?: number
  /** The beginning of what it answered, or why there was no answer. */
  answer: string
}

/** Brings an event in binary mode to the one function that a Service of the shop is. Never rejects. */
export type Deliver = (
  service: string,
  event: { headers: Record<string, string>; body: Buffer },
) => Promise<Delivery>

const LONGEST_ANSWER = 1_024
/** So many characters take at most four times as many bytes in UTF-8. */
const MOST_BYTES = 4 * LONGEST_ANSWER
const PASSING = new Set([429, 502, 503, 504])

/**
 * For an event that one function is to have again, and no other: the broker would bring it to everybody who hears its
 * type. The function knows an event that it has handled by source and id, so bringing one twice is harmless.
 */
export function openDelivery(env: Environment, { timeoutMs = 25_000 } = {}): Deliver {
  const addressOf = openAddresses(env)
  const exchange = openExchange({ keepAlive: false, maxSockets: 16 }, MOST_BYTES)
  return async (service, event) => {
    try {
      const url = addressOf(service).replace(/\/?$/, '/')
      const signal = AbortSignal.timeout(timeoutMs)
      const { status, body } = await exchange(url, { method: 'POST', ...event, signal })
      return deliveryOf(status, body)
    } catch (error) {
      const { name, message } = error as Error
      // A TypeError is of attributes that no header can carry: another try changes nothing.
      return { taken: false, away: name !== 'TypeError', answer: bounded(message) }
    }
  }
}

const deliveryOf = (status: number, body: Buffer): Delivery => ({
  taken: status >= 200 && status < 300,
  away: PASSING.has(status),
  status,
  answer: bounded(body.toString('utf8')),
})

/** Postgres has no text with NUL in it. */
const bounded = (text: string) => text.replaceAll('\0', '\uFFFD').slice(0, LONGEST_ANSWER)
