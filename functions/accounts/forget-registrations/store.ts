import type { Queryable, Tx } from '#runtime/database'

/**
 * Locks the e-mail addresses of registrations whose codes died at that moment or before, as whoever changes an address's
 * registrations does; others that are worked on are left out.
 */
export async function lockAddressesOfDead(tx: Tx, diedUntil: Date, limit: number): Promise<string[]> {
  const { rows } = await tx.query<{ email: string }>(
    `select email from verifications
      where email in (select email from registrations where expires_at <= $1 order by expires_at limit $2)
      for update skip locked`,
    [diedUntil, limit],
  )
  return rows.map(({ email }) => email)
}

/** Forgets the registrations of addresses whose codes died at that moment or before, and answers which they were. */
export async function forgetDead(tx: Tx, emails: string[], diedUntil: Date): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    'delete from registrations where email = any($1) and expires_at <= $2 returning id',
    [emails, diedUntil],
  )
  return rows.map(({ id }) => id)
}

/** Forgets addresses that have no registration and had no turn since that moment. */
export async function forgetRested(db: Queryable, since: Date): Promise<void> {
  await db.query(
    `delete from verifications
      where email in (select email from verifications as resting
                       where rests_until <= $1
                         and not exists (select from registrations where email = resting.email)
                         for update skip locked)`,
    [since],
  )
}

/** Whether any address is left that will have to be forgotten. */
export async function hasAddresses(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ any: boolean }>('select exists (select from verifications) as any')
  return rows[0]!.any
}
