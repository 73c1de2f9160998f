import { binaryEvent, type StoredEvent } from './binary-event'
import { openExchange, type Exchange } from './exchange'
import { setting, type Environment } from './operation'
import { resilience } from './resilience'

/** Sends one event to the broker; resolves only when the broker has taken it (202, or any 2xx). */
export type Publish = (event: StoredEvent) => Promise<void>

/** A relay hands over 200 events at once. */
const BOUNDS = { timeoutMs: 5_000, concurrency: 16, queue: 256 }

/** An event that the broker refuses: what is wrong is the event, and the broker is there. */
class RefusedEvent extends Error {
  override readonly name = 'RefusedEvent'
}

/** By name, not by class: a bundle and a test may hold two copies of the class. */
export const isRefusedEvent = (error: unknown): boolean => (error as Error).name === 'RefusedEvent'

const TROUBLE = { isFailure: (error: Error) => !isRefusedEvent(error) }

/** The broker's ingress is K_SINK, as SinkBinding injects it (Knative Eventing, "sink binding"). */
export function openPublisher(env: Environment): Publish {
  const sink = new URL(setting(env, 'K_SINK'))
  const exchange = openExchange({ keepAlive: true, maxSockets: BOUNDS.concurrency }, 0)
  const call = resilience('broker', BOUNDS, TROUBLE)
  return (event) => call((signal) => sent(exchange, sink, signal, event))
}

async function sent(exchange: Exchange, sink: URL, signal: AbortSignal, event: StoredEvent): Promise<void> {
  const { status } = await exchange(sink, { method: 'POST', ...binaryEvent(event), signal })
  if (status >= 200 && status < 300) return
  const said = `the broker answered ${status} to ${event.type} ${event.id}`
  throw isRefusal(status) ? new RefusedEvent(said) : new Error(said)
}

/** What is no event's fault: there is no such broker, it is not open to us, or it has enough to do. */
const TROUBLE_OF_ITS_OWN = new Set([401, 403, 404, 405, 408, 425, 429])

const isRefusal = (status: number) => status >= 400 && status < 500 && !TROUBLE_OF_ITS_OWN.has(status)
