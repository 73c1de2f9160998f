import type { Queryable } from '#runtime/database'
import { PROFILE_COLUMNS, type Profile } from '../profile'

/** What is known of an account; nothing once it is closed. */
export async function profileOf(db: Queryable, accountId: string): Promise<Profile | undefined> {
  const { rows } = await db.query<Profile>(`select ${PROFILE_COLUMNS} from accounts where id = $1`, [
    accountId,
  ])
  return rows[0]
}
