import { join } from 'node:path'
import { announceAgain } from './announce-again'
import { startBrokers } from './brokers'
import { Observations } from './console/observations'
import { startDataServices, type DataServices } from './data-services'
import { detoured, type Detours } from './detours'
import { openEntrances } from './entrances'
import { startFunctions, type Functions } from './functions'
import { startedInOrder, type Started } from './in-order'
import type { LocalFolders, LocalPorts } from './layout'
import type { Manifests } from './manifests/manifests'
import { readManifests } from './manifests/read-manifests'
import { openMovableClock, type MovableClock } from './movable-clock'
import type { Progress } from './screen'
import { secretsIn } from './secrets'
import { seed } from './seed'
import { startTimers } from './timers/timers'

export interface Platform extends Started {
  /** The administrator's password, if it was made just now. */
  newPassword: string | undefined
  functions: number
}

export interface PlatformOptions {
  movableClock?: boolean
  detours?: Detours
  /** The machine went down under the platform before this one: what the brokers had not brought to the disk is told again. */
  cutOff?: boolean
}

/**
 * The whole shop on one machine: data services, the functions as the bundles that ship, scaled from zero, and between
 * them the broker, the gateway and the timers, all from the manifests that a cluster gets.
 */
export function startPlatform(
  folders: LocalFolders,
  ports: LocalPorts,
  progress: Progress,
  { movableClock = false, detours = {}, cutOff = false }: PlatformOptions = {},
): Promise<Platform> {
  return startedInOrder(async (keep) => {
    const manifests = readManifests(join(folders.root, 'knative/base'))
    const { secrets, made } = secretsIn(folders.secrets)
    const clock = movableClock ? openMovableClock(folders.clock) : undefined
    const observations = new Observations((line) => progress.note(line))
    const gatewayUrl = `http://127.0.0.1:${ports.gateway}`

    const noticeUrl = `${gatewayUrl}/v1/payments/notices`
    const time = clock && { now: () => clock.now() }
    const data = keep(await startDataServices({ folders, ports, secrets, progress, noticeUrl, ...time }))
    if (cutOff) await tellAgain(data, folders, progress)
    const { configuration, natsUrl } = detoured(data, ports, detours)
    const { services } = manifests
    const environment = clock?.environment ?? {}
    const functions = keep(
      startFunctions({ folders, ports, services, configuration, environment, observations }),
    )
    const brokers = startBrokers({ manifests, natsUrl, port: ports.broker, functions, observations })
    const broker = keep(await progress.step('Brokers', brokers))
    const deadLettersUrl = data.postgres.urlOf('platform')
    keep(await openEntrances({ ports, progress, services, functions, broker, observations, deadLettersUrl }))

    const { adminPassword } = secrets
    const accountsUrl = data.postgres.urlOf('accounts')
    await progress.step('Catalogue', seed({ accountsUrl, gatewayUrl, adminPassword, marker: folders.seeded }))
    keep(startClockwork(manifests, functions, progress, clock))
    return { newPassword: made ? adminPassword : undefined, functions: services.length }
  })
}

async function tellAgain({ postgres }: DataServices, { root }: LocalFolders, progress: Progress) {
  const events = await announceAgain(postgres, root, 'the last minutes')
  progress.note(`the machine went down while Kiosk ran: the last ${events} events are told again`)
}

/** The timers, which tick when the time was moved as they do when it passes. */
function startClockwork(
  { timers, namespace }: Manifests,
  { tick, activeSince }: Functions,
  progress: Progress,
  clock: MovableClock | undefined,
): Started {
  const onFailure = (sentence: string) => progress.note(sentence)
  const ticking = startTimers({ timers, namespace, deliver: tick, activeSince, onFailure })
  clock?.onMoved((now) => void ticking.tick(now))
  return {
    async stop() {
      clock?.stop()
      await ticking.stop()
    },
  }
}
