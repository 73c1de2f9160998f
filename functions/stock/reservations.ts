import type { Tx } from '#runtime/database'
import { LEVEL_COLUMNS, levelsBySku, type Levels } from './ledger'
import type { Level } from './level'

/** Locks the levels of what an order's reservation names, in order of SKU like every other transaction. */
export async function lockReserved(tx: Tx, orderId: string): Promise<Levels> {
  const { rows } = await tx.query<Level>(
    `select ${LEVEL_COLUMNS} from levels
      where sku in (select line ->> 'sku' from reservations, jsonb_array_elements(lines) as line where order_id = $1)
      order by sku for update`,
    [orderId],
  )
  return levelsBySku(rows)
}
