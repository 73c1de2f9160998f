import { Agent, request as plain } from 'node:http'
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
const PASSING = new Set([429, 502, 503, 504])

/**
 * For an event that one function is to have again, and no other: the broker would bring it to everybody who hears its
 * type. The function knows an event that it has handled by source and id, so bringing one twice is harmless.
 */
export function openDelivery(env: Environment, { timeoutMs = 25_000 } = {}): Deliver {
  const addressOf = openAddresses(env)
  const agent = new Agent({ keepAlive: false, maxSockets: 16 })
  return (service, { headers, body }) =>
    new Promise((resolve) => {
      const failed = ({ message }: Error) => resolve({ taken: false, away: true, answer: bounded(message) })
      const options = { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } }
      try {
        const url = addressOf(service).replace(/\/?$/, '/')
        const signal = AbortSignal.timeout(timeoutMs)
        const request = plain(url, { ...options, signal }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', failed)
          response.on('end', () => resolve(deliveryOf(response.statusCode ?? 0, Buffer.concat(chunks))))
        })
        request.on('error', failed)
        request.end(body)
      } catch (error) {
        // Attributes that no header can carry: another try changes nothing.
        resolve({ taken: false, away: false, answer: bounded((error as Error).message) })
      }
    })
}

const deliveryOf = (status: number, body: Buffer): Delivery => ({
  taken: status >= 200 && status < 300,
  away: PASSING.has(status),
  status,
  answer: bounded(body.toString('utf8')),
})

/** Postgres has no text with NUL in it. */
const bounded = (text: string) => text.replaceAll('\0', '\uFFFD').slice(0, LONGEST_ANSWER)
