import type { Tx } from '#runtime/database'

/** Keeps what a carrier said of an order whose shipment is not noted yet; the first word stands. */
export function keepEarlyDelivery(tx: Tx, orderId: string, deliveredAt: string): void {
  tx.write('update orders set parcel_delivered_at = coalesce(parcel_delivered_at, $2) where id = $1', [
    orderId,
    deliveredAt,
  ])
}
