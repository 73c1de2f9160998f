import type { Queryable } from '#runtime/database'

/** Forgets what an account keeps under a label. */
export async function drop(db: Queryable, accountId: string, label: string): Promise<void> {
  await db.query('delete from addresses where account_id = $1 and label = $2', [accountId, label])
}
