import type { Role } from '#runtime/caller'
import type { Tx } from '#runtime/database'

/** A session that can go on, and who it speaks for at this moment. */
export interface OpenSession {
  id: string
  accountId: string
  role: Role
}

/**
 * Locks the session that a refresh token was given out for, until the commit, and answers it if it is open. The lock
 * comes before the token is looked at: all that happens to one session happens one after the other.
 */
export async function openSessionOf(tx: Tx, hash: string, now: Date): Promise<OpenSession | undefined> {
  const { rows } = await tx.query<OpenSession>(
    `select sessions.id, account_id as "accountId", role
       from sessions join accounts on accounts.id = account_id
      where sessions.id = (select session_id from refresh_tokens where hash = $1)
        and closed_at is null and expires_at > $2
        for no key update of sessions`,
    [hash, now],
  )
  return rows[0]
}

/** Spends a refresh token; false when it is spent already, or none. */
export async function spend(tx: Tx, hash: string, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update refresh_tokens set spent_at = $2 where hash = $1 and spent_at is null',
    [hash, now],
  )
  return rowCount === 1
}

/** Gives a session its next refresh token, by its hash. */
export function addToken(tx: Tx, sessionId: string, hash: string, now: Date): void {
  tx.write('insert into refresh_tokens (hash, session_id, issued_at) values ($1, $2, $3)', [
    hash,
    sessionId,
    now,
  ])
}

/** Closes one session. */
export function closeSession(tx: Tx, sessionId: string, now: Date): void {
  tx.write('update sessions set closed_at = $2 where id = $1', [sessionId, now])
}
