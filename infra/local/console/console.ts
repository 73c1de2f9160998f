import { createServer } from 'node:http'
import pg from 'pg'
import type { PendingEvents } from '../broker/broker'
import { CONSOLE_PAGE } from './console-page'
import type { Started } from '../in-order'
import type { Observations } from './observations'
import { expectFree } from '../processes/ports'
import type { FunctionState } from '../scaler/revision'

interface ConsoleSettings {
  port: number
  functions: () => FunctionState[]
  pending: () => Promise<Record<string, PendingEvents>>
  observations: Observations
  /** The platform domain's database, where dead letters are kept. */
  deadLettersUrl: string
}

/**
 * The page that shows the platform at work: functions cold and warm, events as they flow, dead letters. `GET /state`
 * is the same as JSON. For the person at this machine: it listens on the loopback address only.
 */
export async function startConsole(settings: ConsoleSettings): Promise<Started> {
  const { port, deadLettersUrl } = settings
  await expectFree(port, 'the console')
  const pool = new pg.Pool({ connectionString: deadLettersUrl, max: 1, idleTimeoutMillis: 5_000 })
  pool.on('error', () => undefined)
  // A connection that breaks while it is out of the pool tells its question; unheard it would end the platform.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const server = createServer((request, response) => {
    if (request.url === '/') {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(CONSOLE_PAGE)
    } else if (request.url === '/state') {
      void stateOf(settings, pool).then((body) => {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
        response.end(JSON.stringify(body))
      })
    } else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await pool.end()
    },
  }
}

/** What is known at this moment; a broker or a database that does not answer has nothing to show. */
async function stateOf({ functions, pending, observations }: ConsoleSettings, pool: pg.Pool) {
  const [waiting, buried] = await Promise.all([
    pending().catch(() => ({})),
    deadLettersIn(pool).catch(() => []),
  ])
  return {
    functions: functions(),
    pending: waiting,
    deadLetters: buried,
    feed: observations.feed.slice(-200),
  }
}

async function deadLettersIn(pool: pg.Pool) {
  const { rows } = await pool.query<Record<string, unknown>>(
    `select event_id as id, type, source, trigger, cause, buried_at as "buriedAt"
       from dead_letters order by buried_at desc limit 50`,
  )
  return rows
}
