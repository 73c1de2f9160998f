import type { Queryable } from '#runtime/database'
import { ATTEMPT_COLUMNS } from '../attempts'
import type { Attempt, GatewayCharge, Refund } from '../payment'
import { REFUND_COLUMNS } from '../refunds'

/** The next look is after an eighth of the age, but 50 s at least and an hour at most. */
const NEXT_LOOK = `$1::timestamptz + least(greatest(($1::timestamptz - started_at) / 8, interval '50 seconds'),
                                                 interval '1 hour')`

/**
 * Takes open tries that are due, longest due first, and sets when they are due again. No other run takes them meanwhile,
 * and no lock is kept while the gateway is asked.
 */
export async function claimOpenAttempts(db: Queryable, now: Date, limit: number): Promise<Attempt[]> {
  const { rows } = await db.query<Attempt>(
    `update attempts
        set next_look_at = ${NEXT_LOOK}
      where key in (select key from attempts
                     where state in ('started', 'pending') and next_look_at <= $1
                     order by next_look_at limit $2 for update skip locked)
     returning ${ATTEMPT_COLUMNS}`,
    [now, limit],
  )
  return rows
}

/** The same for refunds that are open. */
export async function claimOpenRefunds(db: Queryable, now: Date, limit: number): Promise<Refund[]> {
  const { rows } = await db.query<Refund>(
    `update refunds set next_look_at = ${NEXT_LOOK}
      where key in (select key from refunds where state = 'started' and next_look_at <= $1
                     order by next_look_at limit $2 for update skip locked)
     returning ${REFUND_COLUMNS}`,
    [now, limit],
  )
  return rows
}

/** Takes kept notices whose try is known by now, and marks them matched. */
export async function claimUnmatchedNotices(
  tx: Queryable,
  now: Date,
  limit: number,
): Promise<{ attempt: Attempt; charge: GatewayCharge }[]> {
  const { rows } = await tx.query<{ attempt: Attempt; charge: GatewayCharge }>(
    `update notices set matched_at = $1
       from (select id as notice, to_json(known) as attempt
               from notices join (select ${ATTEMPT_COLUMNS} from attempts) as known on known.key = reference
              where matched_at is null limit $2 for update of notices skip locked) as match
      where id = match.notice
     returning match.attempt, charge`,
    [now, limit],
  )
  return rows
}

/** Ends a try that the gateway was never asked for, if its order is off by now; nobody is told, since nothing was tried. */
export async function dropIfClosed(db: Queryable, { key, orderId }: Attempt, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `update attempts set state = 'declined', reason = 'order_closed', changed_at = $3
      where key = $1 and state = 'started'
        and exists (select from payments where order_id = $2 and status = 'closed')`,
    [key, orderId, now],
  )
  return rowCount === 1
}

/** Whether any try or refund is open, due or not. */
export async function hasOpen(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ open: boolean }>(
    `select exists (select from attempts where state in ('started', 'pending'))
         or exists (select from refunds where state = 'started') as open`,
  )
  return rows[0]!.open
}
