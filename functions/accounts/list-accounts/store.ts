import type { Queryable } from '#runtime/database'
import type { Page } from '#runtime/reply'
import { PROFILE_COLUMNS, type Profile } from '../profile'

interface Filter {
  role?: string | undefined
  email?: string | undefined
}

/** A page of the accounts that fit, newest first, and how many fit in all. */
export async function pageOfAccounts(
  db: Queryable,
  { role, email }: Filter,
  { page, pageSize }: Page,
): Promise<{ accounts: Profile[]; total: number }> {
  const { rows } = await db.query<{ total: number; accounts: Profile[] | null }>(
    `with fitting as (
       select * from accounts where ($1::text is null or role = $1) and ($2::text is null or email = $2)
     ), page as (
       select ${PROFILE_COLUMNS} from fitting order by registered_at desc, id limit $3 offset $4
     )
     select (select count(*) from fitting) as total, (select json_agg(page) from page) as accounts`,
    [role ?? null, email ?? null, pageSize, (page - 1) * pageSize],
  )
  const { total, accounts } = rows[0]!
  return { total, accounts: (accounts ?? []).map(withMoments) }
}

/** JSON holds moments as text, as Postgres writes them. */
const withMoments = ({ registeredAt, verifiedAt, ...account }: Profile): Profile => ({
  ...account,
  registeredAt: new Date(registeredAt),
  verifiedAt: new Date(verifiedAt),
})
