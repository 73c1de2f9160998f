import type { Queryable, Tx } from '#runtime/database'
import { secondsUntil, type Policy } from '../limit'

const REST_MS = 60_000
const LIFETIME_MS = 600_000
const DAY_MS = 24 * 3_600_000
const SWEPT_AT_ONCE = 20

/** One code in a minute; and ten in a day, with five tries each, so that guessing day after day is hopeless, too. */
const MINUTE: Policy = { name: 'password-reset', quota: 1, window: REST_MS / 1000 }
const DAY: Policy = { name: 'password-reset-day', quota: 10, window: DAY_MS / 1000 }

/**
 * Takes an address's turn to be sent a code and keeps that code in place of the last, good for ten minutes and five
 * tries; false while the address may not have another. One conditional statement, so of two at once only one has the turn.
 * An address without an account takes turns like any other: who may not know which addresses are known must see no
 * difference. An address that was not asked for during a day is forgotten, a few at a time.
 */
export async function takeTurn(
  tx: Tx,
  { id, email, codeHash }: { id: string; email: string; codeHash: string },
  now: Date,
): Promise<boolean> {
  const later = (ms: number) => new Date(now.getTime() + ms)
  const turn = tx.query(
    `insert into password_resets as last (email, id, code_hash, expires_at, rests_until, requests, since)
     values ($1, $2, $3, $4, $5, 1, $6)
     on conflict (email) do update set
       id = excluded.id, code_hash = excluded.code_hash, expires_at = excluded.expires_at, tries = 0,
       rests_until = excluded.rests_until,
       requests = case when last.since <= $7 then 1 else last.requests + 1 end,
       since = case when last.since <= $7 then excluded.since else last.since end
      where last.rests_until <= $6 and (last.since <= $7 or last.requests < ${DAY.quota})`,
    [email, id, codeHash, later(LIFETIME_MS), later(REST_MS), now, later(-DAY_MS)],
  )
  tx.write(
    `delete from password_resets
      where email in (select email from password_resets where since <= $1 and rests_until <= $1
                       order by since limit ${SWEPT_AT_ONCE} for update skip locked)`,
    [later(-DAY_MS)],
  )
  return (await turn).rowCount === 1
}

/** What keeps an address from its next turn, and for how many seconds. */
export async function restOf(
  db: Queryable,
  email: string,
  now: Date,
): Promise<{ policy: Policy; seconds: number }> {
  const { rows } = await db.query<{ until: Date; dayEnds: Date | null }>(
    `select rests_until as until,
            case when requests >= ${DAY.quota} then since + interval '1 day' end as "dayEnds"
       from password_resets where email = $1`,
    [email],
  )
  const { until, dayEnds } = rows[0] ?? {}
  return dayEnds && dayEnds > now
    ? { policy: DAY, seconds: secondsUntil(dayEnds, now) }
    : { policy: MINUTE, seconds: secondsUntil(until, now) }
}

/** Whom to write to. */
export interface Addressee {
  accountId: string
  name: string
}

/** The account of an address. */
export async function accountAt(tx: Tx, email: string): Promise<Addressee | undefined> {
  const { rows } = await tx.query<Addressee>(
    'select id as "accountId", name from accounts where email = $1',
    [email],
  )
  return rows[0]
}
