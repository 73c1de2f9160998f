import type { Tx } from '#runtime/database'
import { before, type OrderLine, type Status } from '../order'

interface Return {
  returnId: string
  orderId: string
  lines: readonly { sku: string; quantity: number }[]
  reason: string | undefined
}

export function insertReturn(tx: Tx, { returnId, orderId, lines, reason }: Return, at: Date): void {
  tx.write('insert into returns (id, order_id, lines, reason, returned_at) values ($1, $2, $3, $4, $5)', [
    returnId,
    orderId,
    JSON.stringify(lines),
    reason ?? null,
    at,
  ])
}

/** Notes how many of each line have come back, in an order that may still be returned and is locked. */
export function noteReturned(tx: Tx, orderId: string, lines: readonly OrderLine[], status: Status, at: Date) {
  tx.write('update orders set lines = $2, status = $3, changed_at = $4 where id = $1 and status = any($5)', [
    orderId,
    JSON.stringify(lines),
    status,
    at,
    before('returned'),
  ])
}
