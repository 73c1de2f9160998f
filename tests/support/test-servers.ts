import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startNats } from '../../infra/local/services/nats'
import { ownPorts } from './ports'
import { startOf, stopLeftovers } from '../../infra/local/processes/process-records'
import { startRedis } from '../../infra/local/services/redis'
import { startTestPostgres } from './postgres-server'

/** What test files need to know of the servers of their run. */
export interface TestServers {
  postgresUrl: string
  redisRestUrl: string
  redisToken: string
  natsUrl: string
  /** Stops them all and removes their folder. */
  stop(): Promise<void>
}

/** Followed by the number of the process that runs tests; those that start servers of their own use it too. */
const PREFIX = 'kiosk-tests-'

/** Starts real servers for one test run, in a temporary folder and on ports of their own, at the same time. */
export async function startTestServers(root: string): Promise<TestServers> {
  await removeOldRuns()
  const home = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  const runFolder = join(home, 'run')
  const cacheFolder = join(root, '.kiosk', 'cache', 'bin')
  const [port1 = 0, port2 = 0, port3 = 0, port4 = 0] = await ownPorts(4)
  const starts = [
    startTestPostgres({ root, folder: join(home, 'postgres'), runFolder, port: port1 }),
    startRedis({ folder: join(home, 'redis'), port: port2, restPort: port3, runFolder, cacheFolder }),
    startNats({ folder: join(home, 'nats'), port: port4, runFolder, cacheFolder }),
  ] as const
  const stop = async () => {
    const started = await Promise.allSettled(starts)
    const running = started.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
    await Promise.all(running.map((server) => server.stop()))
    rmSync(home, { recursive: true, force: true })
  }
  try {
    const [postgres, redis, nats] = await Promise.all(starts)
    return {
      postgresUrl: postgres.adminUrl,
      redisRestUrl: redis.restUrl,
      redisToken: redis.token,
      natsUrl: nats.url,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A run that was interrupted left its servers: they go before the next begins. Those of a run in progress stay. */
async function removeOldRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    if (startOf(Number.parseInt(name.slice(PREFIX.length))) !== undefined) continue
    await stopLeftovers(join(tmpdir(), name, 'run'))
    rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}
