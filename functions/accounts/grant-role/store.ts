import type { Role } from '#runtime/caller'
import type { Tx } from '#runtime/database'
import { PROFILE_COLUMNS, type Profile } from '../profile'

/** Gives an account that is locked a role, and answers what is known of it then. */
export async function setRole(tx: Tx, accountId: string, role: Role): Promise<Profile> {
  const { rows } = await tx.query<Profile>(
    `update accounts set role = $2 where id = $1 returning ${PROFILE_COLUMNS}`,
    [accountId, role],
  )
  return rows[0]!
}
