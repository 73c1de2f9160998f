import type { Tx } from '#runtime/database'

/** How often one code may be tried, the right time included. */
const TRIES = 5

/** A code that may be tried. */
export interface Reset {
  id: string
  codeHash: string
}

/**
 * Spends one try on the code of an address, before it is compared. The row is locked until the commit, so guesses at the
 * same moment wait for each other. Nothing when there is no code, or it is too old, or it had its tries.
 */
export async function spendTry(tx: Tx, email: string, now: Date): Promise<Reset | undefined> {
  const { rows } = await tx.query<Reset>(
    `update password_resets set tries = tries + 1
      where email = $1 and expires_at > $2 and tries < ${TRIES}
      returning id, code_hash as "codeHash"`,
    [email, now],
  )
  return rows[0]
}

/** Gives the account of an address another password, and answers its id; its code and its wrong log-ins are forgotten. */
export async function changePassword(
  tx: Tx,
  email: string,
  passwordHash: string,
): Promise<string | undefined> {
  tx.write('delete from password_resets where email = $1', [email])
  tx.write('delete from log_in_tries where email = $1', [email])
  const { rows } = await tx.query<{ id: string }>(
    'update accounts set password_hash = $2 where email = $1 returning id',
    [email, passwordHash],
  )
  return rows[0]?.id
}
