import type { Queryable, Tx } from './database'
import type { EventRange } from './outbox-log'
import type { ReplayRequest } from './relay-replays'

/** An event that its function refused, and how. */
interface ReplayFailure {
  id: string
  type: string
  status?: number
  answer: string
}

/** How far a domain's share of a replay is. */
interface ReplayProgress {
  state: 'open' | 'done' | 'stopped'
  total: number
  sent: number
  failed: number
  failures: ReplayFailure[]
  lastError: string | null
}

/** A replay that this run works on. */
export interface Replay extends EventRange {
  id: string
  destination: string
  after: { at: string; sequence: number }
  failures: ReplayFailure[]
}

/** Half an hour of ticks. */
const MOST_FRUITLESS = 30

const COLUMNS = `id, from_time::text as "from", until_time::text as until, types, destination, failures,
  json_build_object('at', after_time::text, 'sequence', after_sequence) as after`

/** Keeps a replay, and how many events it is about as things stand. */
export async function insertReplay(tx: Tx, request: ReplayRequest): Promise<void> {
  const { replayId, from, until, types, destination } = request
  await tx.query(
    `insert into replays (id, from_time, until_time, types, destination, total)
     select $1, $2::timestamptz, $3::timestamptz, $4::text[], $5, count(*) from outbox
      where created_at >= $2 and created_at < $3 and event ->> 'type' = any($4)
         on conflict do nothing`,
    [replayId, from, until, types, destination],
  )
}

/** Takes the oldest open replay and holds it for a minute, so that another run leaves it alone. */
export async function claimReplay(db: Queryable): Promise<Replay | undefined> {
  const { rows } = await db.query<Replay>(
    `update replays set claimed_until = now() + interval '1 minute'
      where id in (select id from replays
                    where state = 'open' and (claimed_until is null or claimed_until < now())
                    order by begun_at limit 1 for update skip locked)
     returning ${COLUMNS}`,
  )
  return rows[0]
}

/**
 * Notes what was brought, and holds the replay for another minute; undefined when it was not where we left it, because
 * another run took it over meanwhile.
 */
export async function advanceReplay(
  db: Queryable,
  { id, after }: Replay,
  progress: Pick<Replay, 'after' | 'failures'> & { sent: number; failed: number },
): Promise<Replay | undefined> {
  const { rows } = await db.query<Replay>(
    `update replays
        set after_time = $4, after_sequence = $5, sent = sent + $6, failed = failed + $7, failures = $8,
            fruitless = 0, last_error = null, claimed_until = now() + interval '1 minute'
      where id = $1 and state = 'open' and (after_time, after_sequence) = ($2, $3)
     returning ${COLUMNS}`,
    [
      ...[id, after.at, after.sequence, progress.after.at, progress.after.sequence],
      ...[progress.sent, progress.failed, JSON.stringify(progress.failures)],
    ],
  )
  return rows[0]
}

/** Leaves a replay to the next tick; one that got nowhere half an hour long is stopped. */
export async function postponeReplay(db: Queryable, { id }: Replay, reason: string): Promise<void> {
  await db.query(
    `update replays
        set fruitless = fruitless + 1, last_error = $2, claimed_until = now() + interval '10 seconds',
            state = case when fruitless + 1 < $3 then state else 'stopped' end,
            ended_at = case when fruitless + 1 < $3 then ended_at else now() end
      where id = $1 and state = 'open'`,
    [id, reason, MOST_FRUITLESS],
  )
}

/** Leaves a replay as it is to whoever has time. */
export async function leaveReplay(db: Queryable, { id }: Replay): Promise<void> {
  await db.query('update replays set claimed_until = null where id = $1', [id])
}

/** Everything was brought. */
export async function endReplay(db: Queryable, { id }: Replay): Promise<void> {
  await db.query(`update replays set state = 'done', ended_at = now() where id = $1 and state = 'open'`, [id])
}

/** Whether anything is still to be brought to anybody. */
export async function hasOpenReplays(db: Queryable): Promise<boolean> {
  const { rows } = await db.query(`select 1 from replays where state = 'open' limit 1`)
  return rows.length > 0
}

/** How far a replay is; undefined when it was not heard of here yet. */
export async function replayProgress(db: Queryable, id: string): Promise<ReplayProgress | undefined> {
  const { rows } = await db.query<ReplayProgress>(
    `select state, total, sent, failed, failures, last_error as "lastError" from replays where id = $1`,
    [id],
  )
  return rows[0]
}
