import type { Queryable, Tx } from '#runtime/database'
import { secondsUntil, type Policy } from '../limit'

const FREE_TRIES = 10
const WINDOW_MS = 900_000
const SWEPT_AT_ONCE = 20

/** What an address may have before it is shut. */
export const LOG_INS: Policy = { name: 'log-in', quota: FREE_TRIES, window: WINDOW_MS / 1000 }

/**
 * Counts a try to log in, before the password is looked at, so that guesses at the same moment count too. The tenth in
 * fifteen minutes shuts the address for 30 seconds, each after that for twice as long as the one before.
 *
 * Answers 0, or while the address is shut the whole seconds to wait. Addresses are counted whether or not they are
 * known, or this would tell which are.
 */
export async function countTry(db: Queryable, email: string, now: Date): Promise<number> {
  const begin = new Date(now.getTime() - WINDOW_MS)
  const { rowCount } = await db.query(
    `insert into log_in_tries as past (email, tries, since) values ($1, 1, $2)
     on conflict (email) do update set
       tries = case when past.since <= $3 then 1 else past.tries + 1 end,
       since = case when past.since <= $3 then excluded.since else past.since end,
       locked_until = case when past.since > $3 and past.tries + 1 >= ${FREE_TRIES}
         then excluded.since + interval '30 seconds' * power(2, past.tries + 1 - ${FREE_TRIES}) end
      where past.locked_until is null or past.locked_until <= excluded.since`,
    [email, now, begin],
  )
  if (rowCount === 1) return 0
  const { rows } = await db.query<{ until: Date }>(
    'select locked_until as until from log_in_tries where email = $1',
    [email],
  )
  return secondsUntil(rows[0]?.until, now)
}

/** A right password ends the count; counts that have run out go with it, a few at a time. */
export function forgetTries(tx: Tx, email: string, now: Date): void {
  tx.write('delete from log_in_tries where email = $1', [email])
  tx.write(
    `delete from log_in_tries
      where email in (select email from log_in_tries
                       where since <= $1 and (locked_until is null or locked_until <= $2)
                       order by since limit ${SWEPT_AT_ONCE} for update skip locked)`,
    [new Date(now.getTime() - WINDOW_MS), now],
  )
}
