import { join } from 'node:path'
import { announceAgain } from './announce-again'
import { Activity } from './timers/activity'
import { startBroker } from './broker/broker'
import { startConsole } from './console/console'
import { startDataServices } from './data-services'
import { detoured, type Detours } from './detours'
import { environmentOf } from './environment'
import { startGateway } from '../gateway/gateway'
import type { LocalFolders, LocalPorts } from './layout'
import type { Trigger } from './manifests/manifests'
import { openMovableClock } from './movable-clock'
import { Observations } from './console/observations'
import { readManifests } from './manifests/read-manifests'
import { startScaler, type Scaler } from './scaler/scaler'
import type { Progress } from './screen'
import { secretsIn } from './secrets'
import { seed } from './seed'
import { startInside } from './inside'
import { startTimers } from './timers/timers'

export interface Platform {
  /** The administrator's password, if it was made just now. */
  newPassword: string | undefined
  functions: number
  stop(): Promise<void>
}

export interface PlatformOptions {
  movableClock?: boolean
  detours?: Detours
  /** The machine went down under the platform before this one: what the brokers had not brought to the disk is told again. */
  cutOff?: boolean
}

/** Events of one Trigger that may be with its function at once, however far the function could scale. */
const MOST_IN_FLIGHT = 100

/**
 * The whole shop on one machine: data services, the functions as the bundles that ship, scaled from zero, and between
 * them the broker, the gateway and the timers, all from the manifests that a cluster gets.
 */
export async function startPlatform(
  folders: LocalFolders,
  ports: LocalPorts,
  progress: Progress,
  { movableClock = false, detours = {}, cutOff = false }: PlatformOptions = {},
): Promise<Platform> {
  const manifests = readManifests(join(folders.root, 'knative/base'))
  const { secrets, made } = secretsIn(folders.secrets)
  const clock = movableClock ? openMovableClock(folders.clock) : undefined
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    const data = await startDataServices({
      folders,
      ports,
      secrets,
      progress,
      noticeUrl: `http://127.0.0.1:${ports.gateway}/v1/payments/notices`,
      ...(clock && { now: () => clock.now() }),
    })
    stops.push(() => data.stop())
    if (cutOff) {
      const events = await announceAgain(data.postgres, folders.root, 'the last minutes')
      progress.note(`the machine went down while Kiosk ran: the last ${events} events are told again`)
    }
    const reached = detoured(data, ports, detours)
    const addresses = {
      functions: `http://127.0.0.1:${ports.functions}/function`,
      broker: `http://127.0.0.1:${ports.broker}`,
    }
    const observations = new Observations((line) => progress.note(line))
    const scaler = startScaler({
      services: manifests.services,
      hostBundle: join(folders.root, 'dist/host.cjs'),
      bundleOf: ({ domain, operation }) => join(folders.root, 'dist/functions', domain, `${operation}.cjs`),
      environmentOf: (service) => ({
        ...environmentOf(service, reached.configuration, addresses),
        ...clock?.environment,
      }),
      logFolder: folders.logs,
      compileCache: join(folders.root, '.kiosk/cache/compile'),
      preload: join(folders.root, 'dist/infra/local/code-cache-process.cjs'),
      on: (observation) => observations.ofFunction(observation),
    })
    stops.push(() => scaler.stop())
    const activity = new Activity(manifests.services)
    const services = new Map(manifests.services.map((service) => [service.name, service]))
    const inFlight = ({ service }: Trigger) => {
      const { containerConcurrency, scale } = services.get(service)!
      return Math.min((containerConcurrency || MOST_IN_FLIGHT) * scale.max, MOST_IN_FLIGHT)
    }
    const broker = await progress.step(
      'Brokers',
      startBroker({
        natsUrl: reached.natsUrl,
        port: ports.broker,
        namespace: manifests.namespace,
        brokers: manifests.brokers,
        triggers: manifests.triggers,
        inFlight,
        deliver: (service, request) => activity.during(service, () => scaler.deliver(service, request)),
        on: (observation) => observations.ofEvent(observation),
      }),
    )
    stops.push(() => broker.stop())
    const handle: Scaler['handle'] = (service, request, response) =>
      activity.during(service, () => scaler.handle(service, request, response))
    const inside = await startInside({
      port: ports.functions,
      // Who only reads changes nothing, so a domain at rest stays at rest.
      handle: (service, request, response) =>
        request.method === 'GET'
          ? scaler.handle(service, request, response)
          : handle(service, request, response),
      states: () => scaler.states(),
    })
    stops.push(() => inside.stop())
    const gateway = await progress.step(
      'Gateway',
      startGateway({
        services: manifests.services,
        scaler: { handle },
        port: ports.gateway,
        host: '127.0.0.1',
      }),
    )
    stops.push(() => gateway.stop())
    const page = await startConsole({
      port: ports.console,
      functions: () => scaler.states(),
      pending: () => broker.pending(),
      observations,
      deadLettersUrl: data.postgres.urlOf('platform'),
    })
    stops.push(() => page.stop())
    await progress.step(
      'Catalogue',
      seed({
        accountsUrl: data.postgres.urlOf('accounts'),
        gatewayUrl: `http://127.0.0.1:${ports.gateway}`,
        adminPassword: secrets.adminPassword,
        marker: folders.seeded,
      }),
    )
    const timers = startTimers({
      timers: manifests.timers,
      namespace: manifests.namespace,
      deliver: (service, delivered) => scaler.deliver(service, delivered),
      activeSince: (service, moment) => activity.since(service, moment),
      onFailure: (sentence) => progress.note(sentence),
    })
    stops.push(() => timers.stop())
    clock?.onMoved((now) => void timers.tick(now))
    stops.push(() => Promise.resolve(clock?.stop()))
    return {
      newPassword: made ? secrets.adminPassword : undefined,
      functions: manifests.services.length,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
