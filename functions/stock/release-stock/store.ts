import type { Tx } from '#runtime/database'
import { LEVEL_COLUMNS, levelsBySku, type Levels } from '../ledger'
import type { Level, Quantity } from '../level'

/**
 * Marks an order's reservation as released, or leaves a mark that there must be none; answers what was reserved until
 * now. A reservation that is being made at this moment is waited for, so it comes first or not at all.
 */
export async function release(tx: Tx, orderId: string, at: Date): Promise<Quantity[]> {
  const { rows } = await tx.query<{ lines: Quantity[] }>(
    `insert into reservations as r (order_id, state, lines, at) values ($1, 'released', '[]', $2)
     on conflict (order_id) do update set state = 'released', at = $2 where r.state = 'reserved'
     returning lines`,
    [orderId, at],
  )
  return rows[0]?.lines ?? []
}

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
