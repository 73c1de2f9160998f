import { createHash, randomUUID } from 'node:crypto'
import type { Cache } from './cache'
import type { Queryable, Tx } from './database'
import { requestProblem } from './problem'

/** An answer as it is stored and given again. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: unknown
}

/** One request that its sender made repeatable (draft-ietf-httpapi-idempotency-key-header-07). */
export interface RepeatableRequest {
  /** Operation and caller: another caller's equal key is another key. */
  scope: string
  key: string
  /** SHA-256 of method, path and body. */
  hash: string
}

const KEY = /^[\x21-\x7e]{1,255}$/

/** Reads the Idempotency-Key header. Missing where it is required and malformed anywhere is 400. */
export function idempotencyKey(header: string | string[] | undefined, required: boolean): string | undefined {
  if (header === undefined) {
    if (required) throw requestProblem('idempotency-key-missing')
    return undefined
  }
  if (typeof header !== 'string' || !KEY.test(header)) throw requestProblem('idempotency-key-invalid')
  return header
}

export const hashOf = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

/** The stored answer to a request that was made before; undefined when it is new. Another body is 422. */
export async function storedAnswer(
  db: Queryable,
  { scope, key, hash }: RepeatableRequest,
): Promise<Answer | undefined> {
  const { rows } = await db.query<{ hash: string; answer: Answer }>(
    `select hash, answer from idempotency_keys
      where scope = $1 and key = $2 and created_at > now() - interval '24 hours'`,
    [scope, key],
  )
  const [stored] = rows
  if (stored && stored.hash !== hash) throw requestProblem('idempotency-key-reused')
  return stored?.answer
}

/**
 * Stores the answer with the facts it tells of, in their transaction. Of two equal requests at the same moment the
 * second finds the row taken (23505) and its facts are undone. A row older than 24 hours gives way.
 */
export function storeAnswer(
  tx: Pick<Tx, 'write'>,
  { scope, key, hash }: RepeatableRequest,
  answer: Answer,
): void {
  tx.write(
    `delete from idempotency_keys where scope = $1 and key = $2 and created_at <= now() - interval '24 hours'`,
    [scope, key],
  )
  tx.write('insert into idempotency_keys (scope, key, hash, answer) values ($1, $2, $3, $4)', [
    scope,
    key,
    hash,
    JSON.stringify(answer),
  ])
}

/** Stores an answer that tells of no facts, unless an equal request's is there. A row older than 24 hours gives way. */
export async function storeAnswerAlone(
  db: Queryable,
  { scope, key, hash }: RepeatableRequest,
  answer: Answer,
): Promise<void> {
  await db.query(
    `insert into idempotency_keys as stored (scope, key, hash, answer) values ($1, $2, $3, $4)
     on conflict (scope, key) do update
        set hash = excluded.hash, answer = excluded.answer, created_at = excluded.created_at
      where stored.created_at <= now() - interval '24 hours'`,
    [scope, key, hash, JSON.stringify(answer)],
  )
}

/** True for the error of a transaction whose answer was already stored by an equal request. */
export const isAlreadyAnswered = (error: unknown): boolean => {
  const { code, constraint } = error as { code?: string; constraint?: string }
  return code === '23505' && constraint === 'idempotency_keys_pkey'
}

const LOCK_MS = 10_000

/** Who held it for too long finds another's there. */
const UNLOCK = `return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('DEL', KEYS[1]) or 0`

/**
 * A short lock in Redis by the key: while the first request runs, its repetition is 409 and does no work. It only
 * stops the stampede, and only the request that took it gives it back. Postgres decides, so a Redis that is away costs
 * nothing but that.
 */
export async function lockRequest(
  cache: Cache,
  { scope, key }: RepeatableRequest,
): Promise<() => Promise<void>> {
  const name = `running:${hashOf(scope, key)}`
  const token = randomUUID()
  const taken = await cache.set(name, token, { nx: true, px: LOCK_MS }).catch(() => 'OK')
  if (taken !== 'OK') throw requestProblem('request-in-progress', {}, { 'Retry-After': '1' })
  return async () => {
    await cache.eval(UNLOCK, [name], [token]).catch(() => 0)
  }
}
