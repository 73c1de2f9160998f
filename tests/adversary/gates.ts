import pg from 'pg'
import { runningProcess, type Held, type Kind, type Process } from './process'
import type { Sabotage } from './sabotage'

type Row = Record<string, unknown>
type Answer = pg.QueryResult<Row>

const pool = pg.Pool.prototype as unknown as {
  connect: (done?: unknown) => Promise<pg.PoolClient> | undefined
  query: (text: string, values?: unknown[], done?: unknown) => Promise<Answer> | undefined
}
const real = { connect: pool.connect, query: pool.query }

/**
 * Puts the adversary between pools and their users: whatever one of its processes sends waits for the scheduler. All that is
 * sent by others goes through as ever. Answers how to take it away again.
 */
export function installGates(sabotage: () => Sabotage | undefined): () => void {
  pool.connect = function (this: unknown, done?: unknown) {
    const process = runningProcess()
    if (!process || done !== undefined) return real.connect.call(this, done)
    return process
      .unlessKilled(real.connect.call(this)!, (client) => client.release())
      .then((client) => gated(client, process, sabotage()))
  }
  pool.query = function (this: typeof pool, text, values, done) {
    const process = runningProcess()
    if (!process || done !== undefined) return real.query.call(this, text, values, done)
    return alone(this, text, values)
  }
  const { setTimeout: wait } = globalThis
  const hasten = (work: () => void, ms?: number) =>
    wait(work, runningProcess() && ms !== undefined && ms <= LONGEST_PAUSE_MS ? 0 : ms)
  globalThis.setTimeout = Object.assign(hasten as typeof wait, wait)
  return () => {
    Object.assign(pool, real)
    globalThis.setTimeout = wait
  }
}

/** A process's pauses before it tries again; nothing depends on how long they are. */
const LONGEST_PAUSE_MS = 1_000

async function alone(of: typeof pool, text: string, values?: unknown[]): Promise<Answer> {
  const client = (await of.connect())!
  try {
    return await client.query<Row>(text, values)
  } finally {
    client.release()
  }
}

/** A connection whose every statement waits for the scheduler. */
function gated(client: pg.PoolClient, process: Process, sabotage: Sabotage | undefined): pg.PoolClient {
  const { processID: pid } = client as unknown as { processID: number }
  const held: Held = { pid, break: () => breakOff(client, pid) }
  process.held.add(held)
  const memory = new Map<string, Row>()
  const query = (text: string, values: unknown[] = []) =>
    process.submit(kindOf(text), labelOf(text), async () => {
      const sent = sabotage?.({ text, values, memory }) ?? { text, values }
      const answer = await client.query<Row>(sent.text, sent.values)
      for (const row of answer.rows) if (typeof row['sku'] === 'string') memory.set(row['sku'], row)
      return answer
    })
  const release = (error?: Error) => {
    process.held.delete(held)
    client.release(error)
  }
  return { query, release } as unknown as pg.PoolClient
}

const kindOf = (text: string): Kind => (text === 'commit' || text === 'rollback' ? text : 'statement')

const labelOf = (text: string) => text.replaceAll(/\s+/g, ' ').trim().slice(0, 70)

/** The socket is closed without a word; answers when the server has noticed and rolled back. */
async function breakOff(client: pg.PoolClient, pid: number): Promise<void> {
  const { connection } = client as unknown as { connection: { stream: { destroy: () => void } } }
  connection.stream.destroy()
  client.release(true)
  await gone(pid)
}

let watcher: pg.Pool | undefined

/** Where the server is asked about its other connections. */
export function watchFrom(url: string): () => Promise<void> {
  const opened = new pg.Pool({ connectionString: url, max: 2 })
  opened.on('error', () => undefined)
  // The server may say goodbye to a connection that the pool has let go already.
  opened.on('connect', (client) => client.on('error', () => undefined))
  watcher = opened
  return () => opened.end()
}

/** Asked outside of any process, so it waits for no scheduler. */
const ask = async <R extends Row>(text: string, values: unknown[]): Promise<R[]> => {
  const client = (await real.connect.call(watcher))!
  try {
    return (await client.query<R>(text, values)).rows
  } finally {
    client.release()
  }
}

async function gone(pid: number): Promise<void> {
  while ((await ask('select 1 from pg_stat_activity where pid = $1', [pid])).length > 0) {
    await new Promise((resume) => setImmediate(resume))
  }
}

/** Those of the connections that wait for a lock which another holds. */
export async function waitingForLocks(pids: readonly number[]): Promise<Set<number>> {
  const rows = await ask<{ pid: number }>(
    'select pid from unnest($1::int[]) as asked (pid) where cardinality(pg_blocking_pids(pid)) > 0',
    [pids],
  )
  return new Set(rows.map(({ pid }) => pid))
}
