import type { Queryable, Tx } from '#runtime/database'
import type { Deps } from '#runtime/function'
import { before, type Order, type PaymentStatus, type Status } from './order'

/** What a statement selects to make an `Order`. */
export const ORDER_COLUMNS = `id as "orderId", customer_id as "customerId", status, lines, total, currency,
  shipping_address as "shippingAddress", payment_method as "paymentMethod", payment_status as "paymentStatus",
  payment_reason as "paymentReason", charge_id as "chargeId", placed_at as "placedAt"`

/** The order of that id. */
export async function orderOf(db: Queryable, orderId: string): Promise<Order | undefined> {
  const { rows } = await db.query<Order>(`select ${ORDER_COLUMNS} from orders where id = $1`, [orderId])
  return rows[0]
}

/** The same, locked until the transaction ends: whoever else wants to change it waits. */
export async function lockOrder(tx: Tx, orderId: string): Promise<Order | undefined> {
  const { rows } = await tx.query<Order>(`select ${ORDER_COLUMNS} from orders where id = $1 for update`, [
    orderId,
  ])
  return rows[0]
}

/** What a step changes beside the status. */
export interface Change {
  paymentStatus?: PaymentStatus
  paymentReason?: string | null
  chargeId?: string
  /** What was paid: the step is allowed only if the order costs exactly that. */
  paid?: { amount: number; currency: string }
}

/**
 * Moves an order to `status` if the table allows it from where it stands: one conditional update, so of two steps at
 * the same moment only one succeeds. Answers the order as it now is, or undefined when the step was not allowed.
 */
export async function advance(
  tx: Tx,
  orderId: string,
  status: Status,
  { paymentStatus, paymentReason, chargeId, paid }: Change,
  at: Date,
): Promise<Order | undefined> {
  const { rows } = await tx.query<Order>(
    `update orders set status = $2, changed_at = $3,
            accepted_at = case when $2 = 'awaiting-payment' then $3 else accepted_at end,
            payment_status = coalesce($4, payment_status),
            payment_reason = case when $5 then $6 else payment_reason end,
            charge_id = coalesce($7, charge_id)
      where id = $1 and status = any($8)
        and ($9::bigint is null or total = $9 and currency = $10)
      returning ${ORDER_COLUMNS}`,
    [
      orderId,
      status,
      at,
      paymentStatus ?? null,
      paymentReason !== undefined,
      paymentReason ?? null,
      chargeId ?? null,
      before(status),
      paid?.amount ?? null,
      paid?.currency ?? null,
    ],
  )
  return rows[0]
}

/** Writes a step into the order's timeline, with the trace in which it was taken. */
export function noteStep(
  tx: Tx,
  { orderId, status }: Pick<Order, 'orderId' | 'status'>,
  step: string,
  { clock, trace }: Pick<Deps, 'clock' | 'trace'>,
  details: object = {},
): void {
  tx.write(
    'insert into order_steps (order_id, step, status, details, trace_id, at) values ($1, $2, $3, $4, $5, $6)',
    [orderId, step, status, JSON.stringify(details), trace.traceId, clock.now()],
  )
}
