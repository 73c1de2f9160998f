import { AccountRegistered } from '#events/accounts/account-registered.v1/event'
import { PasswordResetRequested } from '#events/accounts/password-reset-requested.v1/event'
import { VerificationRequested } from '#events/accounts/verification-requested.v1/event'
import type { Role } from '#runtime/caller'
import type { Queryable, Tx } from '#runtime/database'
import { endRegistrations } from '../registration'

/** Events that say who somebody is. */
const TELLING = [AccountRegistered.type, VerificationRequested.type, PasswordResetRequested.type]

/** The address and the role of an account; nothing once it is closed. An address never changes. */
export async function personOf(
  db: Queryable,
  accountId: string,
): Promise<{ email: string; role: Role } | undefined> {
  const { rows } = await db.query<{ email: string; role: Role }>(
    'select email, role from accounts where id = $1',
    [accountId],
  )
  return rows[0]
}

/**
 * Erases what is kept by an e-mail address, registrations that nobody proved included; before its account is locked, as a
 * reset of the password does.
 */
export async function forgetEmail(tx: Tx, email: string, now: Date): Promise<void> {
  for (const table of ['password_resets', 'log_in_tries'])
    tx.write(`delete from ${table} where email = $1`, [email])
  tx.write('select from verifications where email = $1 for update', [email])
  await endRegistrations(tx, { email, now })
  tx.write('delete from verifications where email = $1', [email])
  tx.write(`delete from idempotency_keys where answer #>> '{body,email}' = $1`, [email])
}

/** Locks an account until the commit: no session opens meanwhile. */
export async function lockedRole(tx: Tx, accountId: string): Promise<Map<string, Role>> {
  const { rows } = await tx.query<{ role: Role }>('select role from accounts where id = $1 for update', [
    accountId,
  ])
  return new Map(rows.map(({ role }) => [accountId, role]))
}

/**
 * Erases an account that is locked, with its sessions and addresses, and the events that say who it was: by the e-mail
 * address, since every registration of it had an id of its own.
 */
export function erase(tx: Tx, { accountId, email }: { accountId: string; email: string }): void {
  tx.write('delete from sessions where account_id = $1', [accountId])
  tx.write('delete from accounts where id = $1', [accountId])
  tx.write(`delete from outbox where event #>> '{data,email}' = $1 and event ->> 'type' = any($2)`, [
    email,
    TELLING,
  ])
}
