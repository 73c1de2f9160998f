import type { Queryable } from '#runtime/database'
import type { Address } from '../address'

/** An address as its row holds it. */
export type Row = { [K in keyof Address]-?: Address[K] | null } & { label: string }

/** Every address of an account, in order of label. */
export async function addressesOf(db: Queryable, accountId: string): Promise<Row[]> {
  const { rows } = await db.query<Row>(
    `select label, name, line1, line2, city, region, postal_code as "postalCode", country
       from addresses where account_id = $1 order by label`,
    [accountId],
  )
  return rows
}
