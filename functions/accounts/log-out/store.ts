import type { Queryable } from '#runtime/database'

/** Closes a session of an account, unless it is closed. */
export async function closeSession(
  db: Queryable,
  { sessionId, accountId }: { sessionId: string; accountId: string },
  now: Date,
): Promise<void> {
  await db.query(
    'update sessions set closed_at = $3 where id = $1 and account_id = $2 and closed_at is null',
    [sessionId, accountId, now],
  )
}
