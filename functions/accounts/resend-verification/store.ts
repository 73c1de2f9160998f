import type { Tx } from '#runtime/database'
import type { Registration } from '../registration'
import type { NewCode } from '../verification'

export type Addressee = Pick<Registration, 'id' | 'email' | 'name'>

/** The latest registration of an address, be its code dead or not; none once the address has an account. */
export async function latestOf(tx: Tx, email: string): Promise<Addressee | undefined> {
  const { rows } = await tx.query<Addressee>(
    `select id, email, name from registrations
      where email = $1 order by registered_at desc, id desc limit 1`,
    [email],
  )
  return rows[0]
}

/** Gives a registration another code in place of its own. */
export function replaceCode(tx: Tx, registrationId: string, { codeHash, expiresAt }: NewCode): void {
  tx.write('update registrations set code_hash = $2, expires_at = $3 where id = $1', [
    registrationId,
    codeHash,
    expiresAt,
  ])
}
