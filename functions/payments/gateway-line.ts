import { openExchange } from '#runtime/exchange'
import { isHeldBack, resilience, type Bounds } from '#runtime/resilience'

/**
 * The gateway gave no usable answer: nobody knows whether it charged. `passing` trouble (it is busy, the connection
 * broke) may be over in a moment.
 */
export class GatewayTrouble extends Error {
  override readonly name = 'GatewayTrouble'

  readonly passing: boolean

  constructor(message: string, { passing = false, cause }: { passing?: boolean; cause?: unknown } = {}) {
    super(message, { cause })
    this.passing = passing
  }
}

/** By name, not by class: a bundle and a test may hold two copies of the class. */
export const isGatewayTrouble = (error: unknown): error is GatewayTrouble =>
  error instanceof Error && error.name === 'GatewayTrouble'

/** Asks the gateway one thing over HTTP, once, and gives the JSON of a 2xx answer. */
export type Line = (method: string, path: string, sent?: { key: string; body: object }) => Promise<unknown>

/** A try is asked three times in a moment before it is given up (gateway.ts), so a circuit opens at the fourth. */
const BOUNDS: Bounds = { timeoutMs: 10_000, concurrency: 32, queue: 64, failures: 10, openMs: 5_000 }

/** A refusal shows that the gateway is there. */
const TROUBLE = { isFailure: (error: Error) => !isGatewayTrouble(error) || error.passing }

/**
 * Connections are kept; a question is given up after 10 s in all. A gateway that does not answer ten times in a row is left
 * alone for 5 s: what is asked meanwhile is refused here, and nothing was charged by it.
 */
export function openLine(home: string, apiKey: string, bounds: Partial<Bounds> = {}): Line {
  const base = new URL(home)
  const exchange = openExchange({ keepAlive: true, maxSockets: BOUNDS.concurrency })
  const call = resilience('payment-gateway', { ...BOUNDS, ...bounds }, TROUBLE)
  return (method, path, sent) => {
    const headers = {
      authorization: `Bearer ${apiKey}`,
      ...(sent && { 'idempotency-key': sent.key, 'content-type': 'application/json' }),
    }
    const question = { method, headers, ...(sent && { body: Buffer.from(JSON.stringify(sent.body)) }) }
    const url = new URL(path, base)
    return call(async (signal) => {
      const { status, body } = await exchange(url, { ...question, signal })
      if (status >= 200 && status < 300) return jsonOf(body.toString('utf8'))
      throw new GatewayTrouble(`the payment gateway answered ${status}`, { passing: isPassing(status) })
    }).catch((error: unknown) => {
      throw isGatewayTrouble(error) ? error : unasked(error)
    })
  }
}

/** Of the bounds' own refusals only a time-out may be over when it is asked again at once. */
const unasked = (cause: unknown): GatewayTrouble =>
  isHeldBack(cause)
    ? new GatewayTrouble('the payment gateway is in trouble and was not asked', { cause })
    : new GatewayTrouble('no answer from the payment gateway', { passing: true, cause })

/** RFC 9110, section 15: the server's trouble, or a moment's. */
const isPassing = (status: number) => status >= 500 || status === 408 || status === 425 || status === 429

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
