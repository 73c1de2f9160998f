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

/** A session of 30 days, and its first refresh token by its hash. */
export function openSession(
  tx: Tx,
  session: { id: string; accountId: string; refreshHash: string },
  now: Date,
): void {
  const { id, accountId, refreshHash } = session
  const expiresAt = new Date(now.getTime() + REFRESH_LIFETIME_MS)
  tx.write('insert into sessions (id, account_id, created_at, expires_at) values ($1, $2, $3, $4)', [
    id,
    accountId,
    now,
    expiresAt,
  ])
  tx.write('insert into refresh_tokens (hash, session_id, issued_at) values ($1, $2, $3)', [
    refreshHash,
    id,
    now,
  ])
}
