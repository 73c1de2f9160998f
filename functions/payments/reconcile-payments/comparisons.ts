import type { Queryable } from '#runtime/database'
import type { Span } from '../payment'

/** A comparison with the gateway that somebody asked for, and where its next run goes on. */
export interface Comparison extends Span {
  id: string
  chargesFrom: Date
  refundsFrom: Date
}

/** Something at the gateway that was not known here. */
export interface Finding {
  /** The gateway's own name for it. */
  id: string
  kind: 'settled' | 'given-back' | 'refunded' | 'foreign'
  reference: string
  orderId?: string
  /** Minor units. */
  amount: number
  currency: string
}

/** Those that are not done, oldest first. */
export async function openComparisons(db: Queryable): Promise<Comparison[]> {
  const { rows } = await db.query<Comparison>(
    `select id, since, until, coalesce(charges_from, since) as "chargesFrom",
            coalesce(refunds_from, since) as "refundsFrom"
       from reconciliations where state = 'open' order by begun_at`,
  )
  return rows
}

/** Notes how far a comparison is. */
export async function keepProgress(
  db: Queryable,
  { id, chargesFrom, refundsFrom, ...now }: Comparison & { waiting: number; isDone: boolean },
  at: Date,
): Promise<void> {
  await db.query(
    `update reconciliations
        set charges_from = $2, refunds_from = $3, waiting = $4, state = case when $5 then 'done' else 'open' end,
            ended_at = case when $5 then $6::timestamptz end
      where id = $1 and state = 'open'`,
    [id, chargesFrom, refundsFrom, now.waiting, now.isDone, at],
  )
}

/** Keeps what was found, once; `started` is what is still to be done with the gateway. Gives its state as it stands. */
export async function keepFinding(
  db: Queryable,
  comparison: string,
  {
    id,
    kind,
    reference,
    orderId = null,
    amount,
    currency,
  }: Omit<Finding, 'orderId'> & { orderId?: string | null },
  state: 'started' | 'done',
  at: Date,
): Promise<'started' | 'done'> {
  const { rows } = await db.query<{ state: 'started' | 'done' }>(
    `insert into findings as known (id, reconciliation_id, kind, reference, order_id, amount, currency, state, found_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (id) do update set state = known.state returning state`,
    [id, comparison, kind, reference, orderId, amount, currency, state, at],
  )
  return rows[0]!.state
}

export async function endFinding(db: Queryable, id: string): Promise<void> {
  await db.query(`update findings set state = 'done' where id = $1`, [id])
}
