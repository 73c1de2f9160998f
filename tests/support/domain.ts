import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { announcing } from '#runtime/announce'
import { openCache, type Cache } from '#runtime/cache'
import type { Caller } from '#runtime/caller'
import { openDatabase, type Connections } from '#runtime/database'
import type { Deps as FunctionDeps } from '#runtime/function'
import type { Deps as HttpDeps } from '#runtime/http'
import { logWith } from '#runtime/log'
import type { EventDeps } from '#runtime/on'
import type { Operation } from '#runtime/operation'

type Given = (db: Connections) => Promise<unknown>
type Overrides = Partial<Omit<HttpDeps & EventDeps, 'caller'>> & { caller?: string | Partial<Caller> }

/** An operation as its function.json and its path say. */
export function operationOf(path: string): Operation {
  const said = JSON.parse(readFileSync(`functions/${path}/function.json`, 'utf8')) as Record<string, unknown>
  const [domain, name] = path.split('/')
  const list = (key: string) => (said[key] === undefined ? {} : { [key]: [said[key]].flat() })
  return { ...said, ...list('http'), ...list('caller'), domain, name } as unknown as Operation
}

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const TRACE = {
  traceId: TRACE_ID,
  spanId: 'b7ad6b7169203331',
  traceparent: `00-${TRACE_ID}-b7ad6b7169203331-01`,
}

/**
 * A real database of one operation's domain, cloned from the template for this test file and emptied before each test;
 * the clock stands still and ids are counted. A failing file's database is kept and named.
 */
export function openDomain(path: string, { now = '2026-03-01T10:00:00.000Z' } = {}) {
  const operation = operationOf(path)
  const name = `t_${operation.domain}_${randomBytes(4).toString('hex')}`
  const state = { now: new Date(now), ids: 0 }
  const clock = { now: () => state.now }
  const ids = { next: () => `00000000-0000-7000-8000-${String(++state.ids).padStart(12, '0')}` }
  let db: Connections
  let cache: Cache | undefined

  beforeAll(async () => {
    await asAdmin(`create database ${name} template template_${operation.domain}`)
    db = openDatabase({ DATABASE_URL: urlOf(name), DATABASE_CONNECTIONS: '20' })
    if (process.env['KIOSK_TEST_REDIS_REST_URL']) cache = testCache()
  })
  beforeEach(async () => {
    state.now = new Date(now)
    state.ids = 0
    const { rows } = await db.query<{ tables: string | null }>(
      `select string_agg(quote_ident(tablename), ', ') as tables from pg_tables
        where schemaname = 'public' and tablename <> 'migrations'`,
    )
    if (rows[0]?.tables) await db.query(`truncate ${rows[0].tables} restart identity cascade`)
  })
  afterAll(async () => {
    await db.end()
    await asAdmin(`drop database ${name} with (force)`)
  })

  const base = (over: Overrides): FunctionDeps => {
    const cause = { correlationId: TRACE_ID, ...(over.event && { causationId: over.event.id }) }
    const scope = announcing(operation, { clock, ids }, TRACE, cause, () => undefined)
    const log = logWith({ operation: operation.name, test: name })
    return { db: db.within(scope), cache: cache!, clock, ids, trace: TRACE, log }
  }
  return {
    operation,
    /** Moves the clock. */
    at: (time: string) => void (state.now = new Date(time)),
    given: async (...facts: Given[]) => {
      for (const fact of facts) await fact(db)
    },
    rows: async <R extends object>(text: string, values?: unknown[]) =>
      (await db.query<R>(text, values)).rows,
    /** What was announced, oldest first, as [type, data]. */
    emitted: async () => {
      const { rows } = await db.query<{ event: { type: string; data: object } }>(
        'select event from outbox order by sequence',
      )
      return rows.map(({ event }) => [event.type, event.data] as const)
    },
    /** What a handler of an HTTP function is given; `caller` is an account's id or a whole caller. */
    deps: (over: Overrides = {}): HttpDeps => {
      const { caller = 'ada', ...rest } = over
      const request = {
        method: 'POST',
        route: '',
        path: '/',
        headers: {},
        body: Buffer.alloc(0),
        params: {},
        query: new URLSearchParams(),
      }
      const member: Caller = { kind: 'member', role: 'customer', id: 'ada', sessionId: 'session' }
      const who = typeof caller === 'string' ? { ...member, id: caller } : { ...member, ...caller }
      return Object.assign(base(over), { caller: who, request, idempotencyKey: undefined }, rest)
    },
    /** What a handler of an event is given; each call is a new event unless it names its id. */
    eventDeps: (id: string = ids.next(), over: Overrides = {}): EventDeps => {
      const { caller: _, ...rest } = over
      const source = 'https://kiosk.example/test'
      const event = {
        id,
        source,
        type: 'test',
        subject: '',
        time: state.now.toISOString(),
        correlationId: TRACE_ID,
      }
      return Object.assign(base({ ...over, event }), { event }, rest)
    },
  }
}

/** The Redis of this test run, which is waited for however slow the machine is. */
export const testCache = (): Cache =>
  openCache(
    {
      UPSTASH_REDIS_REST_URL: process.env['KIOSK_TEST_REDIS_REST_URL'],
      UPSTASH_REDIS_REST_TOKEN: process.env['KIOSK_TEST_REDIS_TOKEN'],
    },
    { timeoutMs: 30_000 },
  )

export function urlOf(database: string): string {
  const url = new URL(process.env['KIOSK_TEST_POSTGRES_URL']!)
  url.pathname = `/${database}`
  return url.href
}

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env['KIOSK_TEST_POSTGRES_URL'] })
  await client.connect()
  await client.query(statement)
  await client.end()
}
