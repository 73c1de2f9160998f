import { InvariantViolated } from '#events/platform/invariant-violated.v1/event'
import type { Database, Queryable, Tx } from '#runtime/database'
import type { Violation } from './figures'

/** What was looked at: what is kept of it and was not found again holds by now. */
export interface Scope {
  invariants: readonly string[]
  /** Of orders, those behind `after`; `until` is the last, or there is none. */
  after?: string
  until?: string | undefined
}

/** A violation that has to be told. */
export interface Report extends Violation {
  since: Date
}

/** At one look; the next tells the next. */
const MOST_REPORTS = 100
/** Less than the time between two looks, more than one that is repeated. */
const SEEN_TWICE_MS = 120_000

/**
 * Keeps what was found at a look, forgets what holds again, and tells what was there at an earlier look too, just as it
 * is now: once, by the commit that says it was told.
 */
export function keep(db: Database, scope: Scope, found: readonly Violation[], now: Date): Promise<Report[]> {
  return db.transaction(async (tx) => {
    if (found.length > 0) await see(tx, found, now)
    await forget(tx, scope, found)
    const reports = await due(tx, found, now)
    for (const { since, ...violation } of reports) {
      tx.emit(InvariantViolated, { ...violation, since: since.toISOString(), reportedAt: now.toISOString() })
    }
    return reports
  })
}

/** One that is not as it was is a new one. */
async function see(tx: Tx, found: readonly Violation[], now: Date): Promise<void> {
  await tx.query(
    `insert into violations as v (invariant, about, expected, actual, first_seen_at, last_seen_at)
     select distinct on (invariant, about) invariant, about, expected, actual, $2::timestamptz, $2
       from json_to_recordset($1) as found (invariant text, about text, expected text, actual text)
      order by invariant, about
         on conflict (invariant, about) do update
        set expected = excluded.expected, actual = excluded.actual, last_seen_at = excluded.last_seen_at,
            first_seen_at = case when (v.expected, v.actual) = (excluded.expected, excluded.actual)
                                 then v.first_seen_at else excluded.first_seen_at end,
            reported_at = case when (v.expected, v.actual) = (excluded.expected, excluded.actual)
                               then v.reported_at end`,
    [JSON.stringify(found), now],
  )
}

async function forget(
  tx: Tx,
  { invariants, after, until }: Scope,
  found: readonly Violation[],
): Promise<void> {
  await tx.query(
    `delete from violations
      where invariant = any($1) and ($2::text is null or about > $2) and ($3::text is null or about <= $3)
        and not exists (select from json_to_recordset($4) as found (invariant text, about text)
                         where found.invariant = violations.invariant and found.about = violations.about)`,
    [invariants, after ?? null, until ?? null, JSON.stringify(found)],
  )
}

async function due(tx: Tx, found: readonly Violation[], now: Date): Promise<Report[]> {
  const { rows } = await tx.query<Report>(
    `update violations set reported_at = $2
      where reported_at is null and first_seen_at <= $3
        and (invariant, about) in (
          select invariant, about from violations
            join json_to_recordset($1) as found (invariant text, about text) using (invariant, about)
           where reported_at is null and first_seen_at <= $3
           order by invariant, about limit ${MOST_REPORTS} for update of violations)
     returning invariant, about, expected, actual, first_seen_at as since`,
    [JSON.stringify(found), now, new Date(now.getTime() - SEEN_TWICE_MS)],
  )
  return rows
}

/** Behind which order to begin; empty for the first. */
export async function beginning(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ after: string }>('select after_order as after from audit_progress')
  return rows[0]?.after ?? ''
}

export async function keepProgress(db: Queryable, after: string): Promise<void> {
  await db.query(
    `insert into audit_progress (after_order) values ($1)
     on conflict (one) do update set after_order = excluded.after_order`,
    [after],
  )
}
