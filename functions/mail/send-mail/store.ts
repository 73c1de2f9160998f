import type { Occurrence, Queryable } from '#runtime/database'

/** Where a person reads mail. */
export interface Recipient {
  email: string | null
  name: string | null
}

/** Who an account is, if that is known yet; one that is closed, or never came to be, has no address. */
export async function recipientOf(db: Queryable, accountId: string): Promise<Recipient | undefined> {
  const { rows } = await db.query<Recipient>('select email, name from recipients where account_id = $1', [
    accountId,
  ])
  return rows[0]
}

/** The number of the try that is ours, or why there is none: the mail is done with, or another delivery sends it now. */
export type Claim = { turn: number } | { turn?: never; state: 'done' | 'elsewhere' }

/**
 * Claims the mail about an event for half a minute, by Postgres' clock, so that of deliveries at the same moment one
 * sends it. A claim whose holder died runs out.
 */
export async function claimMail(
  db: Queryable,
  { source, id, type }: Occurrence & { type: string },
  recipient: string,
  now: Date,
): Promise<Claim> {
  const { rows } = await db.query<{ tries: number }>(
    `insert into mails as mail (source, event_id, type, recipient, claimed_until, created_at)
     values ($1, $2, $3, $4, now() + interval '30 seconds', $5)
     on conflict (source, event_id) do update
       set tries = mail.tries + 1, recipient = excluded.recipient, claimed_until = excluded.claimed_until
       where mail.status = 'sending' and mail.claimed_until <= now()
     returning tries`,
    [source, id, type, recipient, now],
  )
  if (rows[0]) return { turn: rows[0].tries }
  const { rows: known } = await db.query<{ status: string }>(
    'select status from mails where source = $1 and event_id = $2',
    [source, id],
  )
  return { state: known[0]?.status === 'sending' ? 'elsewhere' : 'done' }
}

/** Writes down what became of a mail: taken by the mail server, or refused with the server's reason. */
export async function settleMail(
  db: Queryable,
  { source, id }: Occurrence,
  refused: string | undefined,
  now: Date,
): Promise<void> {
  await db.query(
    `update mails set status = $3, reason = $4, finished_at = $5
      where source = $1 and event_id = $2 and status = 'sending'`,
    [source, id, refused === undefined ? 'sent' : 'refused', refused ?? null, now],
  )
}

/** Ends a claim, so that the next delivery need not wait for it to run out; one that is no longer ours stays. */
export async function releaseMail(db: Queryable, { source, id }: Occurrence, turn: number): Promise<void> {
  await db.query(
    `update mails set claimed_until = now()
      where source = $1 and event_id = $2 and tries = $3 and status = 'sending'`,
    [source, id, turn],
  )
}
