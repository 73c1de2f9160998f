import type { Tx } from '#runtime/database'
import type { Quantity } from '../level'

interface Return {
  returnId: string
  orderId: string
  lines: readonly Quantity[]
}

/** Keeps what came back; false when it was kept before. */
export async function keepReturn(tx: Tx, { returnId, orderId, lines }: Return, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    'insert into returns (return_id, order_id, lines, at) values ($1, $2, $3, $4) on conflict do nothing',
    [returnId, orderId, JSON.stringify(lines), at],
  )
  return rowCount === 1
}
