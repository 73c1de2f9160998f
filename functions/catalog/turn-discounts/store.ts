import type { Queryable, Tx } from '#runtime/database'
import type { Discount, DiscountState } from '../discount'
import { DISCOUNT_COLUMNS, LOCKED_COLUMNS, type DiscountRow, type LockedProduct } from '../stored-product'

/** A discount with an edge that has not been announced, and its product; both are locked. */
export interface DueDiscount {
  product: LockedProduct
  discount: Discount & { state: DiscountState }
}

/** Takes discounts that have to begin or to end; what anybody else has locked is left for the next look. */
export async function claimDueDiscounts(tx: Tx, now: Date, limit: number): Promise<DueDiscount[]> {
  const { rows } = await tx.query<LockedProduct & DiscountRow>(
    `select ${LOCKED_COLUMNS}, ${DISCOUNT_COLUMNS}
       from discounts join products using (sku)
      where (state = 'awaited' and starts_at <= $1) or (state = 'running' and ends_at <= $1)
      order by sku limit $2 for update skip locked`,
    [now, limit],
  )
  return rows.map((row) => ({ product: row, discount: { ...row, currency: row.discountCurrency } }))
}

export function noteState(tx: Tx, sku: string, state: DiscountState): void {
  tx.write('update discounts set state = $2 where sku = $1', [sku, state])
}

/** Which discount begins or ends next, and when; it may have passed already. */
export async function nextEdge(db: Queryable): Promise<{ sku: string; at: Date } | undefined> {
  const { rows } = await db.query<{ sku: string; at: Date }>(
    `select sku, case state when 'awaited' then starts_at else ends_at end as at
       from discounts where state in ('awaited', 'running') order by at limit 1`,
  )
  return rows[0]
}
