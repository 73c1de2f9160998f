import type { IncomingMessage } from 'node:http'
import { refusal, type WholeAnswer } from '../../host/refusal'
import { Deadline } from '../../forward/deadline'
import { bodyOf, send } from '../../forward/forward'
import { Refused } from '../../forward/refused'
import type { Target } from './target'

/** An event or a tick for a function; it is sent as `POST <path>`, `/` when nothing is said. */
export interface Delivered {
  headers: Record<string, string>
  body: Buffer | string
  /** From now to the end of the answer, waiting and a cold start included. */
  timeoutMs: number
  path?: string
}

/** Sends one message to a function and reads its answer whole; the platform's own answers are 502, 503 and 504. */
export async function deliver({ revision, service }: Target, delivered: Delivered): Promise<WholeAnswer> {
  const { headers, body, timeoutMs, path = '/' } = delivered
  const deadline = new Deadline(Math.min(timeoutMs, service.timeoutSeconds * 1_000))
  const write = (upstream: { end: (body: Buffer | string) => unknown }) => void upstream.end(body)
  const message = { method: 'POST', path, headers: withOurs(service.name, delivered), write }
  try {
    return await revision.withInstance(deadline.signal, async (instance) => {
      const answer = await send(instance, message, deadline.signal)
      return {
        status: answer.statusCode ?? 502,
        headers: singleValued(answer),
        body: await bodyOf(answer, deadline.signal),
      }
    })
  } catch (error) {
    const refused = error instanceof Refused ? error : new Refused('fault')
    return refusal(refused.kind, headers['traceparent'], refused.headers)
  } finally {
    deadline.clear()
  }
}

/** The headers of Knative's runtime contract that a broker's delivery has in a cluster too. */
function withOurs(service: string, { headers, body }: Delivered): string[] {
  const host = `${service}.kiosk.svc.cluster.local`
  const ours = {
    Host: host,
    'Content-Length': String(Buffer.byteLength(body)),
    Forwarded: `for=127.0.0.1;host="${host}";proto=http`,
    'X-Forwarded-For': '127.0.0.1',
    'X-Forwarded-Proto': 'http',
  }
  const names = new Set(Object.keys(ours).map((name) => name.toLowerCase()))
  const given = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()))
  return [...given, ...Object.entries(ours)].flat()
}

const singleValued = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
