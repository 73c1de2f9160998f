import { join } from 'node:path'
import type { Observations } from './console/observations'
import { environmentOf, type Configuration } from './environment'
import type { LocalFolders, LocalPorts } from './layout'
import type { FunctionService } from './manifests/manifests'
import { startScaler, type Scaler } from './scaler/scaler'
import { Activity } from './timers/activity'

/** What the functions of the shop are started with. */
export interface FunctionsOptions {
  folders: LocalFolders
  ports: LocalPorts
  services: FunctionService[]
  configuration: Configuration
  /** What each is told beside its manifest and the configuration. */
  environment: Record<string, string>
  observations: Observations
}

/** Every function of the shop, as the bundle that ships, and how each is reached by whom. */
export interface Functions {
  /** A request from outside. */
  handle: Scaler['handle']
  /** A request of another function. */
  handleInside: Scaler['handle']
  /** An event. */
  deliver: Scaler['deliver']
  /** A timer's tick, which does not keep a domain from resting. */
  tick: Scaler['deliver']
  /** Whether a function's domain was at work since a moment of `performance.now()`. */
  activeSince: (service: string, moment: number) => boolean
  states: Scaler['states']
  stop(): Promise<void>
}

/** Puts the functions behind a scaler that starts them from zero, and notes which domains are at work. */
export function startFunctions(options: FunctionsOptions): Functions {
  const { services } = options
  const scaler = startFromZero(options)
  const activity = new Activity(services)
  const handle: Functions['handle'] = (service, request, response) =>
    activity.during(service, () => scaler.handle(service, request, response))
  return {
    handle,
    // Who only reads changes nothing, so a domain at rest stays at rest.
    handleInside: (service, request, response) =>
      request.method === 'GET'
        ? scaler.handle(service, request, response)
        : handle(service, request, response),
    deliver: (service, event) => activity.during(service, () => scaler.deliver(service, event)),
    tick: (service, tick) => scaler.deliver(service, tick),
    activeSince: (service, moment) => activity.since(service, moment),
    states: () => scaler.states(),
    stop: () => scaler.stop(),
  }
}

function startFromZero({
  folders,
  ports,
  services,
  configuration,
  environment,
  observations,
}: FunctionsOptions): Scaler {
  const addresses = {
    functions: `http://127.0.0.1:${ports.functions}/function`,
    broker: `http://127.0.0.1:${ports.broker}`,
  }
  const built = (path: string) => join(folders.root, 'dist', path)
  return startScaler({
    services,
    hostBundle: built('host.cjs'),
    bundleOf: ({ domain, operation }) => built(`functions/${domain}/${operation}.cjs`),
    environmentOf: (service) => ({
      ...environmentOf(service, configuration, addresses),
      ...environment,
    }),
    logFolder: folders.logs,
    compileCache: join(folders.root, '.kiosk/cache/compile'),
    preload: built('infra/local/code-cache-process.cjs'),
    on: (observation) => observations.ofFunction(observation),
  })
}
