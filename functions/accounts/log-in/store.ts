import type { Role } from '#runtime/caller'
import type { Queryable, Tx } from '#runtime/database'
import { REFRESH_LIFETIME_MS } from '../token'

/** Whose password is looked at. */
export interface Claimant {
  id: string
  role: Role
  passwordHash: string
  /** False for a registration whose address is still to be proved. */
  isVerified: boolean
}

/** An address's account; before there is one, the latest of its registrations, be its code dead or not. */
export async function claimantOf(db: Queryable, email: string): Promise<Claimant | undefined> {
  const { rows } = await db.query<Claimant>(
    `select id, role, password_hash as "passwordHash", true as "isVerified" from accounts where email = $1
     union all
     (select id, 'customer', password_hash, false from registrations
       where email = $1 order by registered_at desc, id desc limit 1)
     order by "isVerified" desc limit 1`,
    [email],
  )
  return rows[0]
}

const SWEPT_AT_ONCE = 20

/**
 * A session of 30 days, and its first refresh token by its hash; false when the account was closed or has another
 * password by now. Sessions that have ended are forgotten with their tokens, a few at a time.
 */
export async function openSession(
  tx: Tx,
  { id: accountId, passwordHash }: Claimant,
  { id, refreshHash }: { id: string; refreshHash: string },
  now: Date,
): Promise<boolean> {
  const expiresAt = new Date(now.getTime() + REFRESH_LIFETIME_MS)
  const opened = tx.query(
    `insert into sessions (id, account_id, created_at, expires_at)
     select $1, id, $4, $5 from accounts where id = $2 and password_hash = $3 for share`,
    [id, accountId, passwordHash, now, expiresAt],
  )
  tx.write(
    `insert into refresh_tokens (hash, session_id, issued_at) select $1, id, $3 from sessions where id = $2`,
    [refreshHash, id, now],
  )
  tx.write(
    `delete from sessions
      where id in (select id from sessions where expires_at <= $1
                    order by expires_at limit ${SWEPT_AT_ONCE} for update skip locked)`,
    [now],
  )
  return (await opened).rowCount === 1
}
