import pg from 'pg'
import type { EventDefinition } from './event'
import { sequenced, type StoredEvent } from './binary-event'
import { setting, type Environment } from './operation'

/** Runs one statement with parameters and waits for its rows. */
export interface Queryable {
  query<R extends object = Record<string, never>>(
    text: string,
    values?: unknown[],
  ): Promise<pg.QueryResult<R>>
}

/** A transaction in progress. */
export interface Tx extends Queryable {
  /**
   * Sends a statement without waiting: it is answered together with the commit, in the same round trip. An error in
   * it fails the transaction. For writes whose result nobody reads.
   */
  write(text: string, values?: unknown[]): void
  /** Announces a fact: an outbox row in this transaction, sent to the broker when that is committed. */
  emit<D extends object>(event: EventDefinition<D>, data: D): void
}

/** What an event is to the inbox: the two attributes that make it unique (CloudEvents 1.0, section 3.1.1, `id`). */
export interface Occurrence {
  source: string
  id: string
}

/** A domain's own database, as a handler sees it. */
export interface Database extends Queryable {
  /** All or nothing. Deadlocks and serialization failures are tried again, so `work` may run more than once. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /**
   * A transaction that happens once for an event, however often it is delivered: the event's (source, id) is recorded
   * in the inbox by the same commit. Answers false when it was already done.
   */
  once(event: Occurrence, work: (tx: Tx) => Promise<unknown>): Promise<boolean>
}

/** What a request or an event adds to the plain database: how its facts are announced, and what commits with them. */
export interface Scope {
  /** Names the consumer in the inbox: two operations of a domain may hear the same event. */
  consumer: string
  announce(event: EventDefinition, data: object): StoredEvent
  /** Called with the work's result before each commit; its writes commit with the facts. */
  beforeCommit?(tx: Tx, result: unknown): void
  /** Called after each commit with what that commit announced. */
  committed(events: StoredEvent[]): void
}

/** A process's connections to its domain's database. */
export interface Connections extends Queryable {
  within(scope: Scope): Database
  end(): Promise<void>
}

/** For a free connection of the pool, be it a new one. */
const CONNECT_MS = 5_000
/** What Postgres itself gives a statement, and a transaction that says nothing. */
const STATEMENT_MS = 15_000
/** Then nobody is there any more to say that time is up; the connection is given up. */
const SILENCE_MS = 20_000

const TRIES = 5
const RETRIABLE = new Set(['40001', '40P01'])

/**
 * Few connections for each process (functions are many), opened at the first use and closed when idle. `pipeline`
 * lets statements be sent without waiting for the answer of the one before: a transaction costs as many round trips
 * as it has waits, and BEGIN and COMMIT cost none of their own. Every wait is bounded, the one for a free connection
 * included: the small pool is the bulkhead before Postgres, and what does not get through in time is 503.
 */
export function openDatabase(env: Environment): Connections {
  const pool = new pg.Pool({
    connectionString: setting(env, 'DATABASE_URL'),
    pipeline: true,
    max: Number(env['DATABASE_CONNECTIONS'] ?? 2),
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: 10_000,
    allowExitOnIdle: true,
    keepAlive: true,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
    query_timeout: SILENCE_MS,
    types: { getTypeParser: typeParser },
  })
  pool.on('error', () => undefined)
  // A connection that breaks while it is out of the pool tells its statements; unheard it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const query = <R extends object>(text: string, values?: unknown[]) =>
    pool.query<R & pg.QueryResultRow>(text, values)
  return {
    query,
    within: (scope) => databaseWithin(pool, scope, query),
    end: () => pool.end(),
  }
}

type TypeId = Parameters<typeof pg.types.getTypeParser>[0]

/** Counts and sums of money are bigint in Postgres and always safe integers here. */
const typeParser = (oid: TypeId, format?: 'text' | 'binary'): ((value: string) => unknown) =>
  oid === pg.types.builtins.INT8
    ? Number
    : (pg.types.getTypeParser(oid, format) as (value: string) => unknown)

function databaseWithin(pool: pg.Pool, scope: Scope, query: Queryable['query']): Database {
  const transaction = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await transact(pool, scope, work)
      } catch (error) {
        if (attempt === TRIES || !RETRIABLE.has((error as { code?: string }).code ?? '')) throw error
      }
    }
  }
  const once = ({ source, id }: Occurrence, work: (tx: Tx) => Promise<unknown>) =>
    transaction(async (tx) => {
      const { rowCount } = await tx.query(
        'insert into inbox (consumer, source, id) values ($1, $2, $3) on conflict do nothing',
        [scope.consumer, source, id],
      )
      if (rowCount === 0) return false
      await work(tx)
      return true
    })
  return { query, transaction, once }
}

async function transact<T>(pool: pg.Pool, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  const unanswered: Promise<unknown>[] = []
  const announced: { fact: StoredEvent; row: Promise<pg.QueryResult<{ sequence: number }>> }[] = []
  let broken: Error | undefined
  const send = <R extends pg.QueryResultRow>(text: string, values?: unknown[]) => {
    const answer = client.query<R>(text, values)
    answer.catch(() => undefined)
    unanswered.push(answer)
    return answer
  }
  const tx: Tx = {
    query: async (text: string, values?: unknown[]) => send(text, values),
    write: (text, values) => void send(text, values),
    emit: (event, data) => {
      const fact = scope.announce(event, data)
      const insert = 'insert into outbox (id, event) values ($1, $2) returning sequence'
      announced.push({ fact, row: send(insert, [fact.id, JSON.stringify(fact)]) })
    },
  }
  try {
    void send('begin')
    const result = await work(tx)
    scope.beforeCommit?.(tx, result)
    const commit = send('commit')
    await Promise.all(unanswered)
    if ((await commit).command !== 'COMMIT') throw new Error('the transaction was rolled back')
    const facts = announced.map(async ({ fact, row }) => sequenced(fact, (await row).rows[0]!.sequence))
    scope.committed(await Promise.all(facts))
    return result
  } catch (error) {
    const first = (await Promise.allSettled(unanswered)).find((answer) => answer.status === 'rejected')
    await client.query('rollback').catch((failure: unknown) => (broken = failure as Error))
    throw causeOf(error, first?.reason)
  } finally {
    client.release(broken)
  }
}

/** Behind a failed statement every later one fails with 25P02; the first failure is the one that tells. */
const causeOf = (error: unknown, first: unknown): unknown =>
  (error as { code?: string }).code === '25P02' && first !== undefined ? first : error
