import type { Tx } from '#runtime/database'

/** What is known of an order's payment while it is locked. */
export interface LockedPayment {
  customerId: string
  /** Minor units. */
  captured: number
  refunded: number
}

/** Makes the outcomes of one order wait for each other; each statement behind it sees what the one before left. */
export async function lockPayment(tx: Tx, orderId: string): Promise<LockedPayment> {
  const { rows } = await tx.query<LockedPayment>(
    `select customer_id as "customerId", captured, refunded from payments where order_id = $1 for update`,
    [orderId],
  )
  return rows[0]!
}

/**
 * The SQL of a payment's status at these sums of what was taken and what went back. As long as what was to be paid is
 * there, it is captured: who paid twice and had one payment back has paid.
 */
export const statusAfter = (captured: string, refunded: string): string =>
  `case when ${refunded} = 0 then 'captured'
        when ${refunded} >= ${captured} then 'refunded'
        when ${captured} - (${refunded}) >= amount then 'captured'
        else 'partly-refunded' end`
