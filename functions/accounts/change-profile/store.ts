import type { Queryable } from '#runtime/database'
import { PROFILE_COLUMNS, type Profile } from '../profile'

/** Gives an account another name, and answers what is known of it then; nothing once it is closed. */
export async function rename(db: Queryable, accountId: string, name: string): Promise<Profile | undefined> {
  const { rows } = await db.query<Profile>(
    `update accounts set name = $2 where id = $1 returning ${PROFILE_COLUMNS}`,
    [accountId, name],
  )
  return rows[0]
}
