import type { Tx } from '#runtime/database'
import type { Registration } from '../registration'
import type { NewCode } from '../verification'

export type Addressee = Pick<Registration, 'id' | 'email' | 'name'>

/**
 * The registrations of an address whose codes can still be used, or else the latest, oldest first; none once the address
 * has an account.
 */
export async function waitingAt(tx: Tx, email: string, now: Date): Promise<Addressee[]> {
  const { rows } = await tx.query<Addressee>(
    `select id, email, name from registrations
      where email = $1
        and (expires_at > $2
             or id = (select id from registrations
                       where email = $1 and not exists (select from registrations
                                                         where email = $1 and expires_at > $2)
                       order by registered_at desc, id desc limit 1))
      order by registered_at, id`,
    [email, now],
  )
  return rows
}

/** Gives a registration another code in place of its own. */
export function replaceCode(tx: Tx, registrationId: string, { codeHash, expiresAt }: NewCode): void {
  tx.write('update registrations set code_hash = $2, expires_at = $3 where id = $1', [
    registrationId,
    codeHash,
    expiresAt,
  ])
}
