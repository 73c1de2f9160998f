import type { Tx } from '#runtime/database'
import { MOST_ADDRESSES, type Address } from '../address'

/** Locks an account until the commit; false when it is closed. Its addresses are counted one request after another. */
export async function lockAccount(tx: Tx, accountId: string): Promise<boolean> {
  const { rowCount } = await tx.query('select id from accounts where id = $1 for no key update', [accountId])
  return rowCount === 1
}

/** Writes over the address of a label; false when there is none yet. */
export async function replace(tx: Tx, accountId: string, label: string, address: Address): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update addresses set name = $3, line1 = $4, line2 = $5, city = $6, region = $7, postal_code = $8, country = $9
      where account_id = $1 and label = $2`,
    [accountId, label, ...valuesOf(address)],
  )
  return rowCount === 1
}

/** Adds an address under a new label; false when there are as many as there may be. */
export async function add(tx: Tx, accountId: string, label: string, address: Address): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into addresses
       (account_id, label, name, line1, line2, city, region, postal_code, country)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9
      where (select count(*) from addresses where account_id = $1) < ${MOST_ADDRESSES}`,
    [accountId, label, ...valuesOf(address)],
  )
  return rowCount === 1
}

const valuesOf = ({ name, line1, line2, city, region, postalCode, country }: Address) => [
  ...[name, line1, line2 ?? null, city, region ?? null, postalCode, country],
]
