import type { Queryable } from './database'
import { RETENTION } from './retention'

const BATCH = 1_000
const BUDGET_MS = 5_000

/** SQL that holds when a moment is so many days ago. */
export const longAgo = (column: string, days: number) => `${column} < now() - interval '${days} days'`

/** What is old enough to go, as statements that delete `$1` rows at most. An event that was never sent stays however old it is, and while a replay goes on all stay. */
const OF_EVERY_DOMAIN = [
  `delete from outbox where id in (
     select id from outbox
      where ${longAgo('created_at', RETENTION.outbox)} and ${longAgo('sent_at', RETENTION.outbox)}
        and not exists (select from replays where state = 'open')
      order by created_at limit $1)`,
  `delete from inbox where (consumer, source, id) in (
     select consumer, source, id from inbox where ${longAgo('handled_at', RETENTION.inbox)} limit $1)`,
  `delete from idempotency_keys where (scope, key) in (
     select scope, key from idempotency_keys where ${longAgo('created_at', RETENTION.answers)} limit $1)`,
  `delete from replays where id in (
     select id from replays where state <> 'open' and ${longAgo('ended_at', RETENTION.inbox)} limit $1)`,
]

/**
 * Deletes what nobody can ask for any more: once an hour, a batch at a time, so that no statement holds many rows or
 * lasts long. What is left when time is up is for the next tick. `own` is what the domain itself forgets, as statements that
 * delete `$1` rows at most. Answers how many rows went.
 */
export async function prune(db: Queryable, own: readonly string[] = []): Promise<number> {
  if (!(await isDue(db))) return 0
  const end = performance.now() + BUDGET_MS
  let total = 0
  for (const deletion of [...OF_EVERY_DOMAIN, ...own]) {
    for (let deleted = BATCH; deleted === BATCH; total += deleted) {
      if (performance.now() > end) {
        await db.query(`update upkeep set done_at = '-infinity' where task = 'prune'`)
        return total
      }
      deleted = (await db.query(deletion, [BATCH])).rowCount ?? 0
    }
  }
  return total
}

/** Of several that ask, one is told to do it. */
async function isDue(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into upkeep as u (task, done_at) values ('prune', now())
     on conflict (task) do update set done_at = now() where u.done_at < now() - interval '1 hour'`,
  )
  return rowCount === 1
}
