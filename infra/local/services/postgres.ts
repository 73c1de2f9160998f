import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { expectFree } from '../processes/ports'
import { postgresBinaries, serverUser, type ServerUser } from './postgres-binaries'
import { explained, whyHopeless } from './postgres-damage'
import { createDomains, domainUrl } from './postgres-domains'
import { ownData } from './postgres-owner'
import { LOOPBACK, postgresSettings, rulesForOthers } from './postgres-settings'
import { supervise } from '../processes/processes'

const run = promisify(execFile)

export interface PostgresOptions {
  /** Data, password and log. */
  folder: string
  port: number
  /** Where running processes are recorded. */
  runFolder: string
  /** The address to listen on; the loopback address when not given. */
  listen?: string
  /** Whether a commit waits for the disk; only tests may do without. */
  fsync?: boolean
  onProgress?: (line: string) => void
}

export interface Postgres {
  port: number
  /** Connection string of the superuser, database `postgres`. */
  adminUrl: string
  /** Connection string of a domain's own role and database. */
  urlOf(domain: string): string
  /** Makes a role and a database of its own for each domain that has none yet. */
  createDomains(domains: string[]): Promise<void>
  pid(): number | undefined
  stop(): Promise<void>
}

/** Ends of a first start that pass by themselves: the children of a killed server are still on their way out. */
const PASSES = /pre-existing shared memory block|postmaster\.pid" already exists|Address already in use/

const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin'

/**
 * Starts a real Postgres, made on the first start, and keeps it running: killed, it recovers and is back within a
 * second or two. It needs no installation and no root; started by root it runs as another user. The superuser's
 * password is made at random and kept in the folder.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { folder, port, runFolder, listen = LOOPBACK, fsync = true, onProgress } = options
  await expectFree(port, 'Postgres', listen)
  await mkdir(folder, { recursive: true })
  const data = join(folder, 'data')
  const { initdb, postgres } = await postgresBinaries()
  const user = await serverUser(data)
  await ownData(data, user)
  const password = await passwordIn(folder, user)
  if (!existsSync(data)) {
    onProgress?.('Making the databases, once.')
    await makeData({ initdb, data, user, passwordFile: join(folder, 'password') })
  }
  await forgetForeignPid(data)
  const hbaFile = listen === LOOPBACK ? undefined : await rulesForOthers(folder, user)
  const adminUrl = `postgres://postgres:${password}@${listen}:${port}/postgres`
  const server = supervise({
    name: 'postgres',
    ...user.command(postgres, ['-D', data, ...postgresSettings({ port, listen, fsync, hbaFile })]),
    env: { PATH },
    cwd: '/',
    logFile: join(folder, 'postgres.log'),
    runFolder,
    // SIGINT is a fast shutdown: it does not wait for clients to leave.
    stopSignal: 'SIGINT',
    stopWithinMs: 30_000,
    readyWithinMs: 60_000,
    passes: PASSES,
    hopeless: (words) => whyHopeless(words, folder),
    ready: () => expectAnswer(adminUrl),
  })
  await server.whenReady
  const urlOf = (domain: string) => domainUrl(adminUrl, password, domain)
  return {
    port,
    adminUrl,
    urlOf,
    createDomains: async (domains) => {
      await createDomains(adminUrl, domains, urlOf).catch((error: unknown) => {
        throw explained(error, folder)
      })
    },
    pid: server.pid,
    stop: server.stop,
  }
}

async function passwordIn(folder: string, { uid }: ServerUser): Promise<string> {
  const file = join(folder, 'password')
  if (!existsSync(file)) {
    if (existsSync(join(folder, 'data'))) {
      throw new Error(
        `The databases' password is gone from ${file}: put it back, or run "npm start -- --fresh" to begin anew.`,
      )
    }
    await writeFile(`${file}.new`, randomBytes(24).toString('hex'), { mode: 0o600 })
    if (uid !== undefined) await chown(`${file}.new`, uid, uid)
    await rename(`${file}.new`, file)
  }
  return (await readFile(file, 'utf8')).trim()
}

interface Making {
  initdb: string
  data: string
  user: ServerUser
  passwordFile: string
}

/** Made under another name and then renamed: a start that is interrupted leaves no half of a database. */
async function makeData({ initdb, data, user, passwordFile }: Making): Promise<void> {
  const draft = `${data}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  if (user.uid !== undefined) await chown(draft, user.uid, user.uid)
  // Text is sorted by code point on every system; macOS has no C.UTF-8 for the rest of a locale.
  const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'
  const { command, args } = user.command(initdb, [
    ...['-D', draft, '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-sync'],
    ...['-E', 'UTF8', `--locale=${locale}`, '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ])
  await run(command, args, { cwd: '/', env: { PATH } }).catch((error: unknown) => {
    const { stderr = '', message } = error as Error & { stderr?: string }
    const words = stderr.trim().split('\n').slice(-2).join(' / ')
    throw new Error(`The databases could not be made in ${data}: ${words || message}`, { cause: error })
  })
  await rename(draft, data)
}

/**
 * A killed server leaves its number behind. When that number is another program's now, Postgres would take it for a
 * running server.
 */
async function forgetForeignPid(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid')
  const [pid] = (await readFile(file, 'utf8').catch(() => '')).split('\n')
  if (!pid || process.platform !== 'linux') return
  const program = await readFile(`/proc/${pid.trim()}/comm`, 'utf8').catch(() => '')
  if (program.trim() !== 'postgres') await rm(file, { force: true })
}

async function expectAnswer(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } finally {
    await client.end()
  }
}
