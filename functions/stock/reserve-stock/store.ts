import type { Tx } from '#runtime/database'
import type { Quantity } from '../level'

interface Reservation {
  orderId: string
  lines: readonly Quantity[]
  at: Date
}

/** Notes what an order has reserved; false when what becomes of the order was decided before. */
export async function noteReserved(tx: Tx, { orderId, lines, at }: Reservation): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into reservations (order_id, state, lines, at) values ($1, 'reserved', $2, $3) on conflict do nothing`,
    [orderId, JSON.stringify(lines), at],
  )
  return rowCount === 1
}

/** Notes that there was not enough after all. */
export function noteExhausted(tx: Tx, orderId: string): void {
  tx.write(`update reservations set state = 'exhausted' where order_id = $1`, [orderId])
}
