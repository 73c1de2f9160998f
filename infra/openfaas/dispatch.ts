import type { Log } from '#runtime/log'
import { startBroker } from '../local/broker/broker'
import type { Observation } from '../local/broker/observation'
import type { Timer, Trigger } from '../local/manifests/manifests'
import { startTimers } from '../local/timers/timers'
import { throughGateway } from './through-gateway'

/** Who gets which events and is woken when: `dispatch.json`, derived from the manifests of Knative. */
export interface Dispatch {
  namespace: string
  brokers: string[]
  /** `inFlight` is how many events of a Trigger may be with its function at once. */
  triggers: (Trigger & { inFlight: number })[]
  timers: Timer[]
}

/** What the dispatcher is given. */
export interface DispatchSettings {
  dispatch: Dispatch
  natsUrl: string
  /** OpenFaaS's own gateway, as pods reach it. */
  gatewayUrl: string
  /** Where the brokers' ingress listens; 0 takes any free port. */
  port: number
  host: string
  /** Until what a killed dispatcher had in flight is delivered again, milliseconds; 10 s when not given. */
  redeliverAfterMs?: number
  log: Log
}

export interface Dispatching {
  /** Of the ingress; functions send their events to `<url>/<namespace>/<domain>`. */
  url: string
  /** Takes no more events and waits for what is under way, some 10 seconds at the most. */
  stop(): Promise<void>
}

/**
 * What Knative's brokers, Triggers and PingSources do, for OpenFaaS, which has none of them: events are kept in NATS
 * JetStream and delivered at least once, with the retries and dead letters that the Triggers state; timers tick.
 *
 * It is the embedded platform's broker with another way to the functions. All it must remember is in JetStream, so it may
 * be killed at any moment; two at once share the work, and tick twice, which sweeps bear.
 */
export async function startDispatch(settings: DispatchSettings): Promise<Dispatching> {
  const { dispatch, natsUrl, gatewayUrl, port, host, redeliverAfterMs, log } = settings
  const { namespace, brokers, triggers, timers: ticks } = dispatch
  const deliver = throughGateway(gatewayUrl)
  const places = new Map(triggers.map(({ name, inFlight }) => [name, inFlight]))
  const broker = await startBroker({
    natsUrl,
    port,
    host,
    namespace,
    brokers,
    triggers,
    inFlight: ({ name }) => places.get(name)!,
    deliver,
    on: (observation) => tell(observation, log),
    ...(redeliverAfterMs !== undefined && { ackWaitMs: redeliverAfterMs }),
  })
  const timers = startTimers({
    timers: ticks,
    namespace,
    deliver,
    // Requests do not come by here, so nobody knows that a domain is at rest.
    activeSince: () => true,
    onFailure: (sentence) => log.warn(sentence),
  })
  return {
    url: broker.url,
    async stop() {
      await Promise.all([broker.stop(), timers.stop()])
    },
  }
}

/** What a person has to look at; what went well is in the traces. */
function tell({ kind, event, warning, ...more }: Observation, log: Log): void {
  const details = { event: event.id, type: event.type, ...more }
  if (kind === 'lost') log.error(warning ?? 'an event is lost', details)
  else if (warning !== undefined) log.warn(warning, details)
  else if (kind === 'retried') log.info('an event was not taken and comes again', details)
  else if (kind === 'dead-lettered') log.warn('an event went to the dead letters', details)
}
