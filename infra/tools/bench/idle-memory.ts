import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startNats } from '../../local/services/nats'
import { startPostgres } from '../../local/services/postgres'
import { startRedis } from '../../local/services/redis'
import { allAtZero, PORTS, type BenchPlatform } from './bench-platform'
import type { Leftovers } from './leftovers'
import type { Row } from './row'

const TARGET_MB = 500

/**
 * Memory of the platform and all processes below it when it was used and every function is at zero again, shared pages
 * counted once; held against Postgres, NATS and Redis alone, new and without clients. Linux only.
 */
export async function measureIdleMemory(platform: BenchPlatform, aloneMb: number): Promise<Row[]> {
  await allAtZero(platform)
  const value = megabytesOf(withDescendants([platform.pid]))
  const floor = { what: 'Postgres, NATS and Redis alone', value: aloneMb }
  return [{ what: 'idle memory, all functions at zero', unit: 'MB', value, n: 1, floor, target: TARGET_MB }]
}

/** Megabytes of the three servers with the platform's settings, on the platform's ports: it must not run. */
export async function serversAloneMb(left: Leftovers): Promise<number> {
  const folder = left.folder('alone')
  const common = { runFolder: join(folder, 'run'), cacheFolder: join(process.cwd(), '.kiosk/cache') }
  const within = (name: string) => ({ ...common, folder: join(folder, name) })
  const servers = await Promise.all([
    left.server(startPostgres({ ...within('postgres'), port: PORTS.postgres })),
    left.server(startNats({ ...within('nats'), port: PORTS.nats })),
    left.server(startRedis({ ...within('redis'), port: PORTS.redis, restPort: PORTS.redisRest })),
  ])
  const megabytes = megabytesOf(withDescendants(servers.map(([server]) => server.pid()!)))
  for (const [, stop] of servers) await stop()
  return megabytes
}

/** The processes with these numbers and all below them. */
function withDescendants(pids: number[]): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const)
  const below = (pid: number): number[] => [
    pid,
    ...parents.filter(([, parent]) => parent === pid).flatMap(([child]) => below(child)),
  ]
  return pids.flatMap(below)
}

/** proc_pid_stat(5): behind the name in brackets come the state and the parent. Undefined when it has just ended. */
function parentOf(pid: string): number | undefined {
  try {
    return Number(/^.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1])
  } catch {
    return undefined
  }
}

/** The sum of their proportional set sizes (proc_pid_smaps(5), `Pss`), in millions of bytes. */
const megabytesOf = (pids: number[]): number =>
  pids.reduce((sum, pid) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    return sum + (Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)![1]) * 1024) / 1e6
  }, 0)
