import type { Connections } from '#runtime/database'

/** So much of an item is on hand, and so much of it is reserved. */
export const level =
  (sku: string, onHand: number, reserved = 0) =>
  async (db: Connections) => {
    await db.query('insert into levels (sku, on_hand, reserved, version) values ($1, $2, $3, 1)', [
      sku,
      onHand,
      reserved,
    ])
    await db.query(
      `insert into ledger (sku, delta_on_hand, delta_reserved, kind, at) values ($1, $2, $3, 'received', now())`,
      [sku, onHand, reserved],
    )
  }

/** The sums of the ledger are the levels, whatever has happened. */
export const IMBALANCE = `
  select sku, on_hand, reserved, sum_on_hand, sum_reserved
    from levels full join (
      select sku, sum(delta_on_hand)::bigint as sum_on_hand, sum(delta_reserved)::bigint as sum_reserved
        from ledger group by sku) as sums using (sku)
   where (on_hand, reserved) is distinct from (sum_on_hand, sum_reserved)`

/** An order was placed for so many of each item. */
export const orderPlaced = (orderId: string, quantities: Record<string, number>) => ({
  orderId,
  customerId: 'ada',
  lines: Object.entries(quantities).map(([sku, quantity]) => ({ sku, name: sku, quantity, unitPrice: 100 })),
  total: 0,
  currency: 'EUR',
  placedAt: '2026-03-01T09:00:00.000Z',
})

/** So much of each item is set aside for an order, or was. */
export const reserved =
  (orderId: string, quantities: Record<string, number>, state = 'reserved') =>
  (db: Connections) =>
    db.query('insert into reservations (order_id, state, lines, at) values ($1, $2, $3, now())', [
      orderId,
      state,
      JSON.stringify(linesOf(quantities)),
    ])

/** An order has left the warehouse. */
export const orderShipped = (orderId: string, quantities: Record<string, number>) => ({
  ...{ orderId, customerId: 'ada', lines: linesOf(quantities) },
  shippedAt: '2026-03-02T09:00:00.000Z',
})

/** Some of an order has come back. */
export const orderReturned = (returnId: string, orderId: string, quantities: Record<string, number>) => ({
  ...{ returnId, orderId, customerId: 'ada', lines: linesOf(quantities) },
  returnedAt: '2026-03-08T09:00:00.000Z',
})

const linesOf = (quantities: Record<string, number>) =>
  Object.entries(quantities).map(([sku, quantity]) => ({ sku, quantity }))
