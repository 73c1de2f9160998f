import type { Queryable, Tx } from '#runtime/database'
import type { Cause, DeadLetterState } from '../dead-letter'

/** A dead letter as its row holds it. */
export interface Letter {
  id: string
  state: DeadLetterState
  type: string
  attributes: Record<string, unknown>
  data: Buffer | null
  cause: Cause
  buriedAt: Date
}

const COLUMNS = 'id, state, type, attributes, data, cause, buried_at as "buriedAt"'

/** The letter of that id, as it stands. */
export async function letterOf(db: Queryable, id: string): Promise<Letter | undefined> {
  const { rows } = await db.query<Letter>(`select ${COLUMNS} from dead_letters where id = $1`, [id])
  return rows[0]
}

/** The same, locked until the transaction ends. */
export async function lockLetter(tx: Tx, id: string): Promise<Letter | undefined> {
  const { rows } = await tx.query<Letter>(`select ${COLUMNS} from dead_letters where id = $1 for update`, [
    id,
  ])
  return rows[0]
}

/** Locks letters of a type that wait and are young enough, the oldest first; those that another request has are left out. */
export async function lockWaiting(tx: Tx, type: string, since: Date, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from dead_letters
      where type = $1 and state in ('buried', 'failed-again') and buried_at > $2
      order by buried_at, id limit $3 for update skip locked`,
    [type, since, limit],
  )
  return rows.map(({ id }) => id)
}

/** How many letters of a type wait. */
export async function countWaiting(tx: Tx, type: string): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    `select count(*) as count from dead_letters where type = $1 and state in ('buried', 'failed-again')`,
    [type],
  )
  return rows[0]!.count
}

export async function markRedriven(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await tx.query(
    `update dead_letters set state = 'redriven', redrives = redrives + 1, redriven_at = $2 where id = any($1)`,
    [ids, at],
  )
}

export async function markSettled(db: Queryable, id: string, at: Date): Promise<void> {
  await db.query(
    `update dead_letters set state = 'settled', settled_at = $2 where id = $1 and state <> 'settled'`,
    [id, at],
  )
}

/** Only a letter that is on its way can fail: one that was settled meanwhile stays settled. */
export async function markFailedAgain(db: Queryable, id: string, cause: Cause): Promise<void> {
  await db.query(
    `update dead_letters set state = 'failed-again', cause = $2 where id = $1 and state = 'redriven'`,
    [id, JSON.stringify(cause)],
  )
}
