import type { Tx } from '#runtime/database'
import type { Quantity } from '../level'

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
