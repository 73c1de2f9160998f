import type { Connections } from '#runtime/database'

/** So much was captured for an order and so much of it went back, long ago unless it is said otherwise. */
export const captured =
  (orderId: string, amount: number, refunded = 0, at = '2026-03-01T09:00:00Z') =>
  async (db: Connections) => {
    await db.query(
      `insert into payments (order_id, customer_id, amount, currency, status, captured, refunded, learned_at, changed_at)
       values ($1, 'ada', $2, 'EUR', 'captured', $2, $3, $4, $4)`,
      [orderId, amount, refunded, at],
    )
    await db.query(
      `insert into attempts (order_id, attempt, amount, currency, method, state, started_at, changed_at, next_look_at)
       values ($1, 1, $2, 'EUR', 'pm_approve', 'captured', $3, $3, $3)`,
      [orderId, amount, at],
    )
    await db.query(
      `insert into captures values ('ch_' || $1::text, 'order/' || $1::text || '/1', $1, $2, 'EUR', $3)`,
      [orderId, amount, at],
    )
    if (refunded > 0)
      await db.query(
        `insert into refunds (order_id, refund_key, charge_id, amount, currency, state, started_at, changed_at,
                            next_look_at)
       values ($1, 'a', 'ch_' || $1::text, $2, 'EUR', 'refunded', $3, $3, $3),
              ($1, 'b', 'ch_' || $1::text, 7, 'EUR', 'started', $3, $3, $3)`,
        [orderId, refunded, at],
      )
  }
