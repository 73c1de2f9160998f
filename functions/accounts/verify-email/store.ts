import type { Tx } from '#runtime/database'
import type { Registration } from '../registration'

/** How often the codes of an address may be tried in all, the right time included. */
export const TRIES = 5

/** A registration whose code can be used. */
export type Claim = Registration & { codeHash: string }

/**
 * Spends one try on the codes of an address, before anything is compared, and answers how many are spent. The row is
 * locked until the commit, so guesses at the same moment wait for each other. Nothing when nobody gave the address.
 */
export async function spendTry(tx: Tx, email: string): Promise<number | undefined> {
  const { rows } = await tx.query<{ tries: number }>(
    'update verifications set tries = tries + 1 where email = $1 returning tries',
    [email],
  )
  return rows[0]?.tries
}

/** The registrations of an address whose codes can be used: not too old, and not ended by wrong tries. */
export async function claimsOf(tx: Tx, email: string, now: Date): Promise<Claim[]> {
  const { rows } = await tx.query<Claim>(
    `select id, email, name, password_hash as "passwordHash", registered_at as "registeredAt",
            code_hash as "codeHash"
       from registrations where email = $1 and expires_at > $2`,
    [email, now],
  )
  return rows
}

/** Ends every code of an address. A resend can still give a new one. */
export function endCodes(tx: Tx, email: string, now: Date): void {
  tx.write('update registrations set expires_at = $2 where email = $1 and expires_at > $2', [email, now])
}

/**
 * Makes a registration the account of its address. False when there is an account, which was made in another way and is
 * not changed.
 */
export async function openAccount(tx: Tx, registration: Registration, now: Date): Promise<boolean> {
  const { id, email, name, passwordHash, registeredAt } = registration
  const { rowCount } = await tx.query(
    `insert into accounts (id, email, name, password_hash, registered_at, verified_at)
     values ($1, $2, $3, $4, $5, $6) on conflict (email) do nothing`,
    [id, email, name, passwordHash, registeredAt, now],
  )
  return rowCount === 1
}
