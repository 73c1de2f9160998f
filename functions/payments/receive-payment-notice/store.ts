import type { Tx } from '#runtime/database'
import type { ReceivePaymentNotice } from './input'

/** Keeps a notice, also one that is about nothing we know; false when it came before. */
export async function keepNotice(
  tx: Tx,
  id: string,
  { type, data }: ReceivePaymentNotice,
  at: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into notices (id, type, reference, charge, received_at, matched_at)
     values ($1, $2, $3, $4, $5, (select $5::timestamptz from attempts where key = $3)) on conflict do nothing`,
    [id, type, data.reference, JSON.stringify(data), at],
  )
  return rowCount === 1
}
