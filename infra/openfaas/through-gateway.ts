import { Agent, type IncomingMessage } from 'node:http'
import { Deadline } from '../forward/deadline'
import { bodyOf, send } from '../forward/forward'
import { NotSent, Refused } from '../forward/refused'
import { refusal, type WholeAnswer } from '../host/refusal'
import type { Delivered } from '../local/scaler/deliver'

/** Brings an event or a tick to a function by its name. Always resolves. */
export type DeliverThroughGateway = (name: string, delivered: Delivered) => Promise<WholeAnswer>

/**
 * Delivers as `POST <gateway>/function/<name>`.
 *
 * A function of ours answers an event with 2xx or 5xx. So a 3xx or 4xx is the gateway's or somebody's in between (a
 * function being deployed is a 404, a policy a 403), and stands for 502 here: the event comes again, and at last goes to
 * the dead letters, where the broker would have ended it.
 */
export function throughGateway(gateway: string): DeliverThroughGateway {
  const { protocol, hostname, port, pathname } = new URL(gateway)
  if (protocol !== 'http:')
    throw new Error(`the gateway must be an http address inside the cluster: ${gateway}`)
  const agent = new Agent({ keepAlive: true, scheduling: 'lifo' })
  const upstream = { agent, host: hostname, port: Number(port || 80) }
  const home = pathname.replace(/\/$/, '')
  return async (name, { headers, body, timeoutMs }) => {
    const deadline = new Deadline(timeoutMs)
    const ours = { Host: `${hostname}:${upstream.port}`, 'Content-Length': String(Buffer.byteLength(body)) }
    const write = (out: { end: (body: Buffer | string) => unknown }) => void out.end(body)
    const path = `${home}/function/${name}`
    try {
      const sent = Object.entries({ ...headers, ...ours }).flat()
      const answer = await send(upstream, { method: 'POST', path, headers: sent, write }, deadline.signal)
      return lossless(await wholeOf(answer, deadline.signal))
    } catch (error) {
      const refused = error instanceof Refused ? error : undefined
      const kind = refused?.kind ?? (error instanceof NotSent ? 'unavailable' : 'fault')
      return refusal(kind, headers['traceparent'], refused?.headers)
    } finally {
      deadline.clear()
    }
  }
}

async function wholeOf(answer: IncomingMessage, signal: AbortSignal): Promise<WholeAnswer> {
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
  return {
    status: answer.statusCode ?? 502,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: await bodyOf(answer, signal),
  }
}

/** 408 and 429 mean "again" already, and may say when. */
function lossless(answer: WholeAnswer): WholeAnswer {
  const { status, body } = answer
  if (status < 300 || status >= 500 || status === 408 || status === 429) return answer
  const said = Buffer.from(`on the way to the function ${status} was answered: `)
  return { ...answer, status: 502, body: Buffer.concat([said, body]) }
}
