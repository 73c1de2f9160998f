import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findBinary } from './binaries'
import { expectAnswer, expectFree } from '../processes/ports'
import { supervise } from '../processes/processes'
import { damaged } from '../damage'
import { startRedisRest } from './redis-rest'

export interface RedisOptions {
  /** Log and append-only file. */
  folder: string
  /** Where Redis itself listens. */
  port: number
  /** Where it is offered over the Upstash REST protocol. */
  restPort: number
  /** Where running processes are recorded. */
  runFolder: string
  /** Where programs that are not installed are kept, see `findBinary`. */
  cacheFolder: string
  /** What callers of the REST protocol must show; made at random when not given. */
  token?: string
  /** Where the REST front listens; Redis itself stays on the loopback address. */
  listen?: string
  onProgress?: (line: string) => void
}

export interface RedisServer {
  redisUrl: string
  restUrl: string
  token: string
  pid(): number | undefined
  stop(): Promise<void>
}

/**
 * Starts a real Redis on the loopback address, keeps it running, and offers it as functions know it: over the Upstash
 * REST protocol. What was written survives the death of the process; that of the machine may take the last second's.
 */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  const { folder, port, restPort, runFolder, cacheFolder, onProgress } = options
  const { token = randomBytes(24).toString('base64url'), listen } = options
  await expectFree(port, 'Redis')
  await expectFree(restPort, 'the REST front of Redis', listen)
  const { command, env } = await findBinary('redis-server', { cacheFolder, onProgress })
  await mkdir(folder, { recursive: true })
  const server = supervise({
    name: 'redis',
    command,
    args: settings(folder, port).flatMap(([name, value]) => [`--${name}`, value]),
    env,
    cwd: folder,
    logFile: join(folder, 'redis.log'),
    runFolder,
    hopeless: (words) => whyHopeless(words, folder),
    ready: () => expectAnswer(port),
  })
  await server.whenReady
  const redisUrl = `redis://127.0.0.1:${port}`
  const rest = await startRedisRest({
    redisUrl,
    port: restPort,
    token,
    ...(listen !== undefined && { listen }),
  })
  const stop = async () => {
    await rest.stop()
    await server.stop()
  }
  return { redisUrl, restUrl: rest.url, token, pid: server.pid, stop }
}

/** What Redis says before it ends because it cannot read what it kept; a file cut short at its end it mends itself. */
const UNREADABLE =
  /# ((?:[^#\n]*reading the append only file|Unable to obtain the AOF|Can't open the append|The AOF manifest|Wrong signature|Error trying to load the RDB|Short read or OOM|Internal error in RDB).*)/

function whyHopeless(words: string, folder: string): Error | undefined {
  const [, cause] = UNREADABLE.exec(words) ?? []
  if (cause === undefined) return undefined
  const file = /appendonly\.aof\S*?\.(?:rdb|aof|manifest)/.exec(cause)?.[0]
  const place = join(folder, 'appendonlydir', file ?? 'appendonly.aof.manifest')
  return damaged('carts and the cache', place, cause.replace(/: make a backup of your AOF.*/, ''))
}

const settings = (folder: string, port: number): [name: string, value: string][] => [
  ['bind', '127.0.0.1'],
  ['port', String(port)],
  ['dir', folder],
  ['databases', '1'],
  ['appendonly', 'yes'],
  ['appendfsync', 'everysec'],
  ['save', ''],
  ['loglevel', 'notice'],
]
