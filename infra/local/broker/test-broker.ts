import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'nats'
import type { Trigger } from '../manifests/manifests'
import { type Broker, type BrokerOptions, startBroker } from './broker'
import { type FakeFunctions, fakeFunctions, type Received } from './fake-functions'
import type { Observation } from './observation'

/** A broker named `orders` in a namespace of its own, with functions to deliver to. For tests. */
export interface TestBroker {
  namespace: string
  functions: FakeFunctions
  observations: Observation[]
  /** What was observed of events, in order, but for their acceptance. */
  kinds(): string[]
  /** What a function got, in order. */
  received(service?: string): Received[]
  /** Starts it, or starts it again, with these Triggers. */
  start(triggers: Trigger[], more?: Partial<BrokerOptions>): Promise<Broker>
  /** Stops the one that runs, without waiting for functions. */
  stop(): Promise<void>
  /** Sends an event in binary mode and gives the answer. */
  send(
    event: Record<string, string>,
    options?: { body?: string | Buffer; headers?: Record<string, string> },
  ): Promise<Response>
  /** Stops all and deletes the streams. */
  close(): Promise<void>
}

/** The nats-server of the test run. */
export function testNatsUrl(): string {
  const url = process.env['KIOSK_TEST_NATS_URL']
  if (!url) throw new Error('KIOSK_TEST_NATS_URL is not set: it names a nats-server with JetStream')
  return url
}

export async function openTestBroker(natsUrl = testNatsUrl()): Promise<TestBroker> {
  const namespace = `test-${randomBytes(4).toString('hex')}`
  const functions = await fakeFunctions()
  const observations: Observation[] = []
  let broker: Broker | undefined
  const stop = async () => {
    await broker?.stop()
    broker = undefined
  }
  return {
    namespace,
    functions,
    observations,
    kinds: () => observations.map(({ kind }) => kind).filter((kind) => kind !== 'accepted'),
    received: (service = 'reserve-stock') => functions.received(service),
    stop,
    async start(triggers, more = {}) {
      await stop()
      broker = await startBroker({
        natsUrl,
        port: 0,
        namespace,
        brokers: ['orders'],
        triggers,
        inFlight: () => 4,
        deliver: functions.deliver,
        on: (observation) => observations.push(observation),
        stopLimitMs: 0,
        ...more,
      })
      return broker
    },
    send(event, { body = '{}', headers = {} } = {}) {
      const attributes = { specversion: '1.0', source: '/orders', type: 'order-placed', ...event }
      const all: Record<string, string> = { 'content-type': 'application/json', ...headers }
      for (const [name, value] of Object.entries(attributes)) all[`ce-${name}`] = value
      return fetch(`${broker!.url}/${namespace}/orders`, { method: 'POST', headers: all, body })
    },
    async close() {
      await stop()
      await functions.close()
      const nats = await connect({ servers: natsUrl })
      const manager = await nats.jetstreamManager()
      const prefix = namespace.toUpperCase()
      for await (const name of manager.streams.names()) {
        if (name.startsWith(prefix)) await manager.streams.delete(name)
      }
      await nats.close()
    },
  }
}

/** A Trigger of the function `reserve-stock` on `orders`: three retries, 40 ms apart, then the dead letters. */
export const trigger = ({
  delivery,
  ...more
}: Partial<Omit<Trigger, 'delivery'>> & { delivery?: object } = {}): Trigger => ({
  name: 'reserve-stock-on-order-placed',
  broker: 'orders',
  filter: { type: 'order-placed' },
  service: 'reserve-stock',
  ...more,
  delivery: {
    retry: 3,
    backoffPolicy: 'linear',
    backoffDelayMs: 40,
    timeoutMs: 5_000,
    deadLetterService: 'bury-event',
    ...delivery,
  },
})

/** Waits until the assertion holds, ten seconds at the most. */
export async function eventually(assertion: () => void | Promise<void>, limitMs = 10_000): Promise<void> {
  const deadline = performance.now() + limitMs
  for (;;) {
    try {
      await assertion()
      return
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(20)
    }
  }
}
