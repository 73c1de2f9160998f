import type { Tx } from '#runtime/database'
import type { Registration } from '../registration'
import type { NewCode } from '../verification'

const WINDOW_MS = 600_000
const AT_MOST = 5

/**
 * Adds a registration beside those its address has, unless the address has an account, or five registrations that are
 * younger than ten minutes or have a code that can still be used. None is put out by a later one, or a stranger could do
 * that to the owner's. False when it was not added; the caller has locked the address.
 */
export async function addRegistration(
  tx: Tx,
  registration: Registration,
  { codeHash, expiresAt }: NewCode,
): Promise<boolean> {
  const { id, email, name, passwordHash, registeredAt } = registration
  const begin = new Date(registeredAt.getTime() - WINDOW_MS)
  const { rowCount } = await tx.query(
    `insert into registrations (id, email, name, password_hash, registered_at, code_hash, expires_at)
     select $1, $2, $3, $4, $5::timestamptz, $6, $7::timestamptz
      where not exists (select from accounts where email = $2)
        and (select count(*) from registrations
              where email = $2 and (registered_at > $8 or expires_at > $5)) < ${AT_MOST}`,
    [id, email, name, passwordHash, registeredAt, codeHash, expiresAt, begin],
  )
  return rowCount === 1
}
