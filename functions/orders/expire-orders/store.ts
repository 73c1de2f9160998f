import type { Queryable, Tx } from '#runtime/database'

/** Locks unpaid orders that were accepted at that moment or before, longest ago first; others that work on some leave those out. */
export async function lockUnpaid(tx: Tx, acceptedUntil: Date, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from orders where status = 'awaiting-payment' and accepted_at <= $1
      order by accepted_at limit $2 for update skip locked`,
    [acceptedUntil, limit],
  )
  return rows.map(({ id }) => id)
}

/** Whether any order is still to be paid, due or not. */
export async function hasUnpaid(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ unpaid: boolean }>(
    `select exists (select from orders where status = 'awaiting-payment') as unpaid`,
  )
  return rows[0]!.unpaid
}
