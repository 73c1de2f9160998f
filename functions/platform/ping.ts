import type { Queryable } from '#runtime/database'

/** Keeps that a ping goes out, and forgets those that nobody waits for any more. */
export async function begin(db: Queryable, id: string, sentAt: Date): Promise<void> {
  await db.query(
    `with old as (delete from pings where sent_at < $2::timestamptz - interval '1 hour')
     insert into pings (id, sent_at) values ($1, $2)`,
    [id, sentAt],
  )
}

/** The pong. Nothing happens to a ping that is not there or has its answer already. */
export async function answer(db: Queryable, id: string, answeredAt: Date): Promise<void> {
  await db.query('update pings set answered_at = $2 where id = $1 and answered_at is null', [id, answeredAt])
}

export async function isAnswered(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query('select from pings where id = $1 and answered_at is not null', [id])
  return rowCount === 1
}
