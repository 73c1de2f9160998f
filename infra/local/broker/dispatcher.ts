import { setTimeout as pause } from 'node:timers/promises'
import type { Consumer, ConsumerMessages, JetStreamManager, JsMsg } from 'nats'
import { consumerName, ensureConsumer } from './consumer'
import { type Route, settle } from './settlement'
import { within } from './within'

export interface DispatcherOptions extends Omit<Route, 'exhausted'> {
  manager: JetStreamManager
  /** How many events of this Trigger may be with the function at once; asked anew before each fetch. */
  inFlight: () => number
  /**
   * Milliseconds after which JetStream delivers again what nobody acknowledged. While an event waits for an instance
   * or runs, it is told to wait on; so this is the time until a crashed dispatcher's events come again.
   */
  ackWaitMs: number
}

/** The deliveries of one Trigger. */
export interface Dispatcher {
  /** Events that are with the function, or wait for an instance of it. */
  inFlight(): number
  /** Takes no more events and waits for those in flight, `limitMs` at the most; what is left comes again later. */
  stop(limitMs: number): Promise<void>
}

/** A fetch waits this long for the next event. */
const FETCH_MS = 30_000
const TROUBLE_PAUSE_MS = 250

/** A dispatcher at work. */
interface Work {
  options: DispatcherOptions
  route: Route
  /** By sequence in the stream. */
  running: Map<number, Promise<void>>
  stopping: boolean
  batch?: ConsumerMessages
  /** A place was freed, or nothing is to be taken any more. */
  freed: () => void
}

/**
 * Delivers the events of one Trigger, several at once, each as long as it takes: one durable pull consumer, from which
 * only as many events are fetched as there are free places, so that none waits here while its time runs out.
 *
 * Lives through a restart of nats-server: fetching goes on when the connection is back.
 */
export async function startDispatcher(options: DispatcherOptions): Promise<Dispatcher> {
  const route: Route = { ...options, exhausted: new Map() }
  const work: Work = { options, route, running: new Map(), stopping: false, freed: () => undefined }
  await ensure(options)
  const fetching = fetchAll(work)
  return {
    inFlight: () => work.running.size,
    async stop(limitMs) {
      work.stopping = true
      work.freed()
      await work.batch?.close()
      await within(limitMs, Promise.all([fetching, ...work.running.values()]))
    },
  }
}

const places = ({ inFlight }: DispatcherOptions): number => Math.max(1, Math.floor(inFlight()))

const ensure = (options: DispatcherOptions): Promise<void> =>
  ensureConsumer(options.manager, options.stream, options.trigger, {
    ackWaitMs: options.ackWaitMs,
    inFlight: places(options),
  })

async function fetchAll(work: Work): Promise<void> {
  const { manager, stream, trigger } = work.options
  let consumer: Consumer | undefined
  while (!work.stopping) {
    const free = places(work.options) - work.running.size
    if (free <= 0) {
      await new Promise<void>((resolve) => (work.freed = resolve))
      continue
    }
    try {
      consumer ??= await manager.jetstream().consumers.get(stream.name, consumerName(trigger))
      work.batch = await consumer.fetch({ max_messages: free, expires: FETCH_MS })
      if (hasStopped(work)) await work.batch.close()
      for await (const message of work.batch) take(work, message)
    } catch {
      await pause(TROUBLE_PAUSE_MS)
      // Usually the server is away, and this fails too; if it came back without its store, we begin anew.
      const anew = stream.ensure().then(() => ensure(work.options))
      await anew.catch(() => undefined)
    }
  }
}

/** Asked after an await, where it may have changed. */
const hasStopped = ({ stopping }: Work): boolean => stopping

function take(work: Work, message: JsMsg): void {
  const { options, route, running } = work
  // Still in our hands: the server lost patience, or came back without what it knew.
  if (running.has(message.seq)) return
  const settled = patiently(message, options.ackWaitMs, () => settle(route, message)).catch(
    (error: unknown) => {
      // Not acknowledged, so it comes again. Without a connection that is all there is to it.
      if (!work.stopping) console.error(`the trigger ${route.trigger.name} could not settle an event:`, error)
    },
  )
  const ended = settled.then(() => {
    running.delete(message.seq)
    work.freed()
  })
  running.set(message.seq, ended)
}

/** Does the work, and meanwhile tells JetStream not to deliver the message to anybody else. */
async function patiently(message: JsMsg, ackWaitMs: number, work: () => Promise<void>): Promise<void> {
  const beat = setInterval(() => {
    try {
      message.working()
    } catch {
      // The connection was closed for good; the message comes again to whoever is next.
      clearInterval(beat)
    }
  }, ackWaitMs / 3)
  try {
    await work()
  } finally {
    clearInterval(beat)
  }
}
