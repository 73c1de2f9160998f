import type { Tx } from '#runtime/database'
import type { Discount, DiscountState } from '../discount'

/** Gives a locked product its discount, instead of any that it had. */
export function putDiscount(tx: Tx, sku: string, discount: Discount & { state: DiscountState }): void {
  const { percentage, amount, currency, from, until, state } = discount
  tx.write(
    `insert into discounts (sku, percentage, amount, currency, starts_at, ends_at, state)
     values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (sku) do update
        set percentage = $2, amount = $3, currency = $4, starts_at = $5, ends_at = $6, state = $7`,
    [sku, percentage, amount, currency, from, until, state],
  )
}
