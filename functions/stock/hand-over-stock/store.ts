import type { Tx } from '#runtime/database'
import type { Quantity } from '../level'

/** Marks what is set aside for an order as handed over, and answers what that is; undefined when nothing is set aside. */
export async function handOver(tx: Tx, orderId: string, at: Date): Promise<Quantity[] | undefined> {
  const { rows } = await tx.query<{ lines: Quantity[] }>(
    `update reservations set state = 'handed-over', at = $2
      where order_id = $1 and state = 'reserved' returning lines`,
    [orderId, at],
  )
  return rows[0]?.lines
}

/** Whether what an order had set aside was handed over before. */
export async function wasHandedOver(tx: Tx, orderId: string): Promise<boolean> {
  const { rows } = await tx.query<{ state: string }>('select state from reservations where order_id = $1', [
    orderId,
  ])
  return rows[0]?.state === 'handed-over'
}
