import { DamagedJournal } from '../sandbox/journal'
import { startSandbox } from '../sandbox/sandbox'
import { migrate } from '../tools/migrate'
import { databaseDomains } from '../tools/tree'
import { damaged } from './damage'
import type { Configuration } from './environment'
import type { LocalFolders, LocalPorts } from './layout'
import { startMailbox } from './services/mailbox'
import { startNats } from './services/nats'
import { startPostgres, type Postgres } from './services/postgres'
import { explained } from './services/postgres-damage'
import { startRedis } from './services/redis'
import type { Progress } from './screen'
import { publicKeys, type Secrets } from './secrets'

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
  const { folders, ports, secrets, progress, listen = '127.0.0.1', noticeUrl, now } = options
  const { run: runFolder, cache: cacheFolder } = folders
  const stops: (() => Promise<void>)[] = []
  const started = async <S extends { stop(): Promise<void> }>(name: string, start: Promise<S>) => {
    const service = await progress.step(name, start)
    stops.push(() => service.stop())
    return service
  }
  const stop = async () => {
    await Promise.all(stops.map((end) => end()))
  }
  const onProgress = (line: string) => progress.note(line)
  const common = { runFolder, cacheFolder, onProgress }
  const outcomes = await Promise.allSettled([
    started('Postgres', databases(options, onProgress)),
    started('NATS JetStream', startNats({ ...common, folder: folders.nats, port: ports.nats })),
    started(
      'Redis',
      startRedis({
        ...common,
        folder: folders.redis,
        port: ports.redis,
        restPort: ports.redisRest,
        token: secrets.redisToken,
        listen,
      }),
    ),
    started(
      'Mailbox',
      startMailbox({
        smtpPort: ports.smtp,
        webPort: ports.mailbox,
        folder: folders.mailbox,
        runFolder,
        listen,
      }),
    ),
    started(
      'Payment sandbox',
      startSandbox({
        port: ports.sandbox,
        folder: folders.sandbox,
        apiKey: secrets.gatewayKey,
        noticeSecret: secrets.noticeSecret,
        noticeUrl,
        listen,
        ...(now && { now }),
      }).catch((error: unknown) => {
        if (!(error instanceof DamagedJournal)) throw error
        throw damaged('payments', error.path, `line at byte ${error.byte} is not JSON`)
      }),
    ),
  ] as const)
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  const [postgres, nats, redis, mailbox, sandbox] = outcomes.map((outcome) =>
    outcome.status === 'fulfilled' ? outcome.value : undefined,
  ) as unknown as Values<typeof outcomes>
  const domains = databaseDomains(folders.root)
  const configuration: Configuration = {
    configMaps: { kiosk: { KIOSK_JWKS: publicKeys(secrets), ...collector() } },
    secrets: {
      ...Object.fromEntries(
        domains.map((domain) => [`${domain}-database`, { DATABASE_URL: postgres.urlOf(domain) }]),
      ),
      redis: { UPSTASH_REDIS_REST_URL: redis.restUrl, UPSTASH_REDIS_REST_TOKEN: redis.token },
      'access-tokens': { ACCESS_TOKEN_KEY: JSON.stringify(secrets.accessTokenKey) },
      verification: { VERIFICATION_PEPPER: secrets.verificationPepper },
      smtp: { SMTP_URL: mailbox.smtpUrl, MAIL_FROM: 'Kiosk <shop@kiosk.example>' },
      'payment-gateway': {
        PAYMENT_GATEWAY_URL: sandbox.url,
        PAYMENT_GATEWAY_KEY: secrets.gatewayKey,
        PAYMENT_GATEWAY_NOTICE_SECRET: secrets.noticeSecret,
      },
    },
  }
  return { configuration, natsUrl: nats.url, postgres, stop }
}

/** Spans go where the person who starts the platform says, by the standard variable; nowhere if it is not set. */
function collector(): Record<string, string> {
  const endpoint = process.env['OTEL_EXPORTER_OTLP_ENDPOINT']
  return endpoint ? { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } : {}
}

type Values<T> = { -readonly [K in keyof T]: T[K] extends PromiseSettledResult<infer V> ? V : never }

async function databases(
  { folders, ports, listen }: DataServicesOptions,
  onProgress: (line: string) => void,
): Promise<Postgres> {
  const postgres = await startPostgres({
    folder: folders.postgres,
    port: ports.postgres,
    runFolder: folders.run,
    ...(listen !== undefined && { listen }),
    onProgress,
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
