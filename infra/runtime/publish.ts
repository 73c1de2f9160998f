import { request as plain, Agent, type RequestOptions } from 'node:http'
import { request as secure, Agent as SecureAgent } from 'node:https'
import { binaryEvent, type StoredEvent } from './binary-event'
import { setting, type Environment } from './operation'
import { resilience } from './resilience'

/** Sends one event to the broker; resolves only when the broker has taken it (202, or any 2xx). */
export type Publish = (event: StoredEvent) => Promise<void>

/** A relay hands over 200 events at once. */
const BOUNDS = { timeoutMs: 5_000, concurrency: 16, queue: 256 }

/** An event that the broker refuses: what is wrong is the event, and the broker is there. */
class RefusedEvent extends Error {}

const TROUBLE = { isFailure: (error: Error) => !(error instanceof RefusedEvent) }

/** The broker's ingress is K_SINK, as SinkBinding injects it (Knative Eventing, "sink binding"). */
export function openPublisher(env: Environment): Publish {
  const sink = new URL(setting(env, 'K_SINK'))
  const https = sink.protocol === 'https:'
  const agent = new (https ? SecureAgent : Agent)({ keepAlive: true, maxSockets: BOUNDS.concurrency })
  const call = resilience('broker', BOUNDS, TROUBLE)
  return (event) =>
    call((signal) => sent(https ? secure : plain, sink, { method: 'POST', agent, signal }, event))
}

function sent(
  send: typeof plain | typeof secure,
  sink: URL,
  options: RequestOptions,
  event: StoredEvent,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const { headers, body } = binaryEvent(event)
    const described = { ...options, headers: { ...headers, 'content-length': body.length } }
    const request = send(sink, described, (response) => {
      response.resume()
      response.on('error', reject)
      response.on('end', () => {
        const status = response.statusCode ?? 0
        const said = `the broker answered ${status} to ${event.type} ${event.id}`
        if (status >= 200 && status < 300) resolve()
        else reject(status < 500 ? new RefusedEvent(said) : new Error(said))
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}
