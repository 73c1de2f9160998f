import type { Queryable } from '#runtime/database'
import { LEVEL_COLUMNS } from '../ledger'
import type { Level } from '../level'

/** What there is of an item; undefined for one that nobody has heard of. */
export async function levelOf(db: Queryable, sku: string): Promise<Level | undefined> {
  const { rows } = await db.query<Level>(`select ${LEVEL_COLUMNS} from levels where sku = $1`, [sku])
  return rows[0]
}
