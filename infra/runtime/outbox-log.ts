import type { StoredEvent } from './binary-event'
import type { Queryable } from './database'

/** Some of the events that a domain has told: when, and of which CloudEvents types. */
export interface EventRange {
  /** ISO 8601, or as Postgres writes it. */
  from: string
  /** The moment itself is not in it. */
  until: string
  types: readonly string[]
}

/** An event of the outbox and its place there. */
export interface LoggedEvent {
  event: StoredEvent
  /** As text: a Date would lose its microseconds. */
  at: string
  sequence: number
}

/** What of an outbox is not sent yet. */
interface Unsent {
  count: number
  /** When the oldest was committed; null when there is none. */
  oldestAt: Date | null
}

const IN_RANGE = `created_at >= $1 and created_at < $2 and event ->> 'type' = any($3)`

/** How many events of each type are in a range; types without any are left out. */
export async function countByType(
  db: Queryable,
  { from, until, types }: EventRange,
): Promise<{ type: string; count: number }[]> {
  const { rows } = await db.query<{ type: string; count: number }>(
    `select event ->> 'type' as type, count(*) as count from outbox where ${IN_RANGE} group by 1 order by 1`,
    [from, until, types],
  )
  return rows
}

/** The next events of a range behind a place in it, in the order in which they were announced. */
export async function eventsAfter(
  db: Queryable,
  { from, until, types }: EventRange,
  after: { at: string; sequence: number },
  limit: number,
): Promise<LoggedEvent[]> {
  const { rows } = await db.query<LoggedEvent>(
    `select event, created_at::text as at, sequence from outbox
      where ${IN_RANGE} and (created_at, sequence) > ($4, $5)
      order by created_at, sequence limit $6`,
    [from, until, types, after.at, after.sequence, limit],
  )
  return rows
}

/** What is not sent yet, be it only a moment old. */
export async function unsentOf(db: Queryable): Promise<Unsent> {
  const { rows } = await db.query<Unsent>(
    'select count(*) as count, min(created_at) as "oldestAt" from outbox where sent_at is null',
  )
  return rows[0]!
}
