import { DamagedJournal } from '../sandbox/journal'
import { startSandbox, type Sandbox } from '../sandbox/sandbox'
import { migrate } from '../tools/migrate'
import { databaseDomains } from '../tools/tree'
import { damaged } from './damage'
import { configurationOf } from './data-configuration'
import type { Configuration } from './environment'
import type { LocalFolders, LocalPorts } from './layout'
import { startMailbox, type Mailbox } from './services/mailbox'
import { startNats, type Nats } from './services/nats'
import { startPostgres, type Postgres } from './services/postgres'
import { explained } from './services/postgres-damage'
import { startRedis, type RedisServer } from './services/redis'
import type { Progress } from './screen'
import type { Secrets } from './secrets'
import { endAll, startedSideBySide } from './side-by-side'

/** What the functions stand on, started; `stop` ends all of it. */
export interface DataServices {
  configuration: Configuration
  natsUrl: string
  postgres: Postgres
  stop(): Promise<void>
}

/** How the data services of one installation are started. */
export interface DataServicesOptions {
  folders: LocalFolders
  ports: LocalPorts
  secrets: Secrets
  progress: Progress
  /** The address they listen on and are told by; the loopback address unless functions run elsewhere. */
  listen?: string
  /** Where the payment sandbox sends its notices. */
  noticeUrl: string
  /** The time of the shop, which the payment sandbox shares; the system's when not given. */
  now?: () => Date
}

/** Starts Postgres, NATS, Redis, the mailbox and the payment sandbox side by side; all real, none needed beforehand. */
export async function startDataServices(options: DataServicesOptions): Promise<DataServices> {
  const { folders, secrets, progress } = options
  const services = await startedSideBySide(
    progress.step('Postgres', postgresOf(options)),
    progress.step('NATS JetStream', natsOf(options)),
    progress.step('Redis', redisOf(options)),
    progress.step('Mailbox', mailboxOf(options)),
    progress.step('Payment sandbox', sandboxOf(options)),
  )
  const [postgres, nats, redis, mailbox, sandbox] = services
  const domains = databaseDomains(folders.root)
  const configuration = configurationOf({ postgres, redis, mailbox, sandbox }, domains, secrets)
  return { configuration, natsUrl: nats.url, postgres, stop: () => endAll(services) }
}

/** With a database for each domain, migrated. */
async function postgresOf({ folders, ports, listen, progress }: DataServicesOptions): Promise<Postgres> {
  const postgres = await startPostgres({
    folder: folders.postgres,
    port: ports.postgres,
    runFolder: folders.run,
    ...(listen !== undefined && { listen }),
    onProgress: (line) => progress.note(line),
  })
  try {
    const domains = databaseDomains(folders.root)
    await postgres.createDomains(domains)
    await Promise.all(
      domains.map((domain) => migrate({ url: postgres.urlOf(domain), domain, root: folders.root })),
    )
    return postgres
  } catch (error) {
    await postgres.stop()
    throw explained(error, folders.postgres)
  }
}

const natsOf = ({ folders, ports, progress }: DataServicesOptions): Promise<Nats> =>
  startNats({
    folder: folders.nats,
    port: ports.nats,
    runFolder: folders.run,
    cacheFolder: folders.cache,
    onProgress: (line) => progress.note(line),
  })

const redisOf = ({ folders, ports, secrets, progress, listen }: DataServicesOptions): Promise<RedisServer> =>
  startRedis({
    folder: folders.redis,
    port: ports.redis,
    restPort: ports.redisRest,
    runFolder: folders.run,
    cacheFolder: folders.cache,
    token: secrets.redisToken,
    ...(listen !== undefined && { listen }),
    onProgress: (line) => progress.note(line),
  })

const mailboxOf = ({ folders, ports, listen }: DataServicesOptions): Promise<Mailbox> =>
  startMailbox({
    smtpPort: ports.smtp,
    webPort: ports.mailbox,
    folder: folders.mailbox,
    runFolder: folders.run,
    ...(listen !== undefined && { listen }),
  })

async function sandboxOf(options: DataServicesOptions): Promise<Sandbox> {
  const { folders, ports, secrets, listen, noticeUrl, now } = options
  try {
    return await startSandbox({
      port: ports.sandbox,
      folder: folders.sandbox,
      apiKey: secrets.gatewayKey,
      noticeSecret: secrets.noticeSecret,
      noticeUrl,
      ...(listen !== undefined && { listen }),
      ...(now && { now }),
    })
  } catch (error) {
    if (!(error instanceof DamagedJournal)) throw error
    throw damaged('payments', error.path, `line at byte ${error.byte} is not JSON`)
  }
}
