import type { Tx } from '#runtime/database'

/** What a carrier said too early: when the parcel was handed over, ISO 8601; null while it has said nothing. */
export async function earlyDelivery(tx: Tx, orderId: string): Promise<string | null> {
  const { rows } = await tx.query<{ deliveredAt: string | null }>(
    'select parcel_delivered_at as "deliveredAt" from orders where id = $1',
    [orderId],
  )
  return rows[0]?.deliveredAt ?? null
}
