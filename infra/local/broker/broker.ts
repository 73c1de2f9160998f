import { connect, Events, type JetStreamManager, type NatsConnection } from 'nats'
import type { Trigger } from '../manifests/manifests'
import { forgetConsumers, infoOf } from './consumer'
import type { Deliver } from './delivery'
import { type Dispatcher, startDispatcher } from './dispatcher'
import { startIngress } from './ingress'
import type { Observe } from './observation'
import { type BrokerStream, brokerStream } from './stream'
import { within } from './within'

export interface BrokerOptions {
  /** Of a nats-server with JetStream, e.g. `nats://127.0.0.1:4222`. */
  natsUrl: string
  /** Of the ingress; 8081 if not given, 0 for any free one. */
  port?: number
  /** Address to listen on; this machine only if not given. */
  host?: string
  namespace: string
  brokers: readonly string[]
  triggers: readonly Trigger[]
  /** How many events of a Trigger may be with its function at once. */
  inFlight: (trigger: Trigger) => number
  /** How a request gets to a function; the embedded platform goes through the scaler, OpenFaaS through its gateway. */
  deliver: Deliver
  on: Observe
  /** Milliseconds until the events of a crashed platform are delivered again; 10,000 if not given. */
  ackWaitMs?: number
  /** Milliseconds that `stop` waits for deliveries in flight; 10,000 if not given. */
  stopLimitMs?: number
}

/** What is still to be done for one Trigger. */
export interface PendingEvents {
  /** Never delivered yet. */
  waiting: number
  /** Delivered and not settled: in flight, or between two tries. */
  unsettled: number
  /** With the function now, or waiting for an instance of it. */
  inFlight: number
}

export interface Broker {
  /** Where the ingress is; events go to `<url>/<namespace>/<broker>`. */
  url: string
  /** Takes no more events, and waits for deliveries in flight up to the limit; unsettled ones come again. */
  stop(): Promise<void>
  /** By the name of the Trigger. Rejects while JetStream cannot be reached. */
  pending(): Promise<Record<string, PendingEvents>>
}

const ACK_WAIT_MS = 10_000
const STOP_LIMIT_MS = 10_000
/** Functions give up on a publication after 5 seconds: the 503 has to be there before. */
const ACK_TIMEOUT_MS = 3_000
const FLUSH_LIMIT_MS = 1_000

/**
 * Knative's brokers on a real JetStream: every event that was answered with 202 is delivered at least once to each
 * Trigger that stands on its broker and whose filter it matches, or ends as a dead letter, or is observed as lost.
 *
 * Rejects if nats-server is not there at the start; after that it waits for it as long as it takes.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const nats = await connect({
    servers: options.natsUrl,
    name: 'kiosk-broker',
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
  })
  try {
    return await startOn(nats, { ...options, on: safely(options.on) })
  } catch (error) {
    await nats.close()
    throw error
  }
}

async function startOn(nats: NatsConnection, options: BrokerOptions): Promise<Broker> {
  const { namespace, port = 8081, host = '127.0.0.1', on, stopLimitMs = STOP_LIMIT_MS } = options
  const manager = await nats.jetstreamManager()
  const streams = options.brokers.map((broker) => brokerStream(manager, namespace, broker))
  const wired = options.triggers.map((trigger) => ({ trigger, stream: streamOf(trigger, streams) }))
  for (const stream of streams) {
    await stream.ensure()
    await forgetConsumers(manager, stream, options.triggers)
  }
  const dispatchers = await startDispatchers(manager, wired, options)
  const connected = connection(nats)
  const door = { port, host, namespace, streams, connected, ackTimeoutMs: ACK_TIMEOUT_MS, on }
  const ingress = await startIngress(door).catch(async (error: unknown) => {
    await stopAll(dispatchers, 0)
    throw error
  })
  return {
    url: ingress.url,
    async stop() {
      await Promise.all([ingress.stop(stopLimitMs), stopAll(dispatchers, stopLimitMs)])
      // The last acknowledgements are sent before the connection goes; without a server there is nobody to hear them.
      if (connected()) await within(FLUSH_LIMIT_MS, nats.flush())
      await nats.close()
    },
    async pending() {
      const counted = wired.map(async ({ trigger, stream }, at): Promise<[string, PendingEvents]> => {
        const info = await infoOf(manager, stream, trigger)
        const [waiting, unsettled] = [info?.num_pending ?? 0, info?.num_ack_pending ?? 0]
        return [trigger.name, { waiting, unsettled, inFlight: dispatchers[at]?.inFlight() ?? 0 }]
      })
      return Object.fromEntries(await Promise.all(counted))
    },
  }
}

interface Wired {
  trigger: Trigger
  stream: BrokerStream
}

/** Starts all of them, or none. */
async function startDispatchers(manager: JetStreamManager, wired: readonly Wired[], options: BrokerOptions) {
  const { namespace, deliver, on, inFlight, ackWaitMs = ACK_WAIT_MS } = options
  const common = { manager, namespace, deliver, on, ackWaitMs }
  const started: Dispatcher[] = []
  try {
    for (const one of wired) {
      started.push(await startDispatcher({ ...common, ...one, inFlight: () => inFlight(one.trigger) }))
    }
    return started
  } catch (error) {
    await stopAll(started, 0)
    throw error
  }
}

const stopAll = (dispatchers: readonly Dispatcher[], limitMs: number) =>
  Promise.all(dispatchers.map((dispatcher) => dispatcher.stop(limitMs)))

function streamOf(trigger: Trigger, streams: readonly BrokerStream[]): BrokerStream {
  const stream = streams.find(({ broker }) => broker === trigger.broker)
  if (!stream) throw new Error(`the trigger ${trigger.name} stands on ${trigger.broker}, which is no broker`)
  return stream
}

/** Whether the connection is up, kept current by its own status events. */
function connection(nats: NatsConnection): () => boolean {
  let up = true
  const watch = async () => {
    for await (const { type } of nats.status()) {
      if (type === Events.Disconnect) up = false
      if (type === Events.Reconnect) up = true
    }
  }
  // Ends with the connection.
  void watch()
  return () => up && !nats.isClosed()
}

/** An observer that fails must not cost an event. */
function safely(on: Observe): Observe {
  return (observation) => {
    try {
      on(observation)
    } catch (error) {
      console.error('an observer of the broker failed:', error)
    }
  }
}
