import { startBroker, type Broker } from './broker/broker'
import type { Observations } from './console/observations'
import type { Functions } from './functions'
import type { Manifests, Trigger } from './manifests/manifests'

/** Events of one Trigger that may be with its function at once, however far the function could scale. */
const MOST_IN_FLIGHT = 100

/** Starts the broker of each domain on NATS, with the Triggers that bring its events to the functions. */
export function startBrokers(options: {
  manifests: Manifests
  natsUrl: string
  port: number
  functions: Functions
  observations: Observations
}): Promise<Broker> {
  const { manifests, natsUrl, port, functions, observations } = options
  const { namespace, brokers, triggers } = manifests
  return startBroker({
    ...{ natsUrl, port, namespace, brokers, triggers },
    inFlight: inFlightAt(manifests),
    deliver: (service, event) => functions.deliver(service, event),
    on: (observation) => observations.ofEvent(observation),
  })
}

/** As many as all instances of a function could take at once. */
function inFlightAt({ services }: Manifests) {
  const byName = new Map(services.map((service) => [service.name, service]))
  return ({ service }: Trigger): number => {
    const { containerConcurrency, scale } = byName.get(service)!
    return Math.min((containerConcurrency || MOST_IN_FLIGHT) * scale.max, MOST_IN_FLIGHT)
  }
}
