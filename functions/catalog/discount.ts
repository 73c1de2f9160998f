/** What is taken off a price for a while: a part of it or an amount, never both. */
export interface Discount {
  percentage: number | null
  /** Minor units of `currency`. */
  amount: number | null
  currency: string
  from: Date
  until: Date
}

/** Which of its edges have been announced: none, its beginning, both. */
export type DiscountState = 'awaited' | 'running' | 'over'

/** Where a discount is by the clock. It begins with `from` and is over at `until`. */
export function stateAt({ from, until }: Pick<Discount, 'from' | 'until'>, now: Date): DiscountState {
  if (now < from) return 'awaited'
  return now < until ? 'running' : 'over'
}

/**
 * What is left of a price, in whole minor units. A part is taken off exactly and the result is rounded to the nearest
 * unit, half a unit up: 15 % off 450 is 382.5, so 383. An amount takes off no more than there is, and nothing at all
 * where prices are in another currency.
 */
export function discounted(
  listPrice: number,
  currency: string,
  { percentage, amount, currency: itsOwn }: Pick<Discount, 'percentage' | 'amount' | 'currency'>,
): number {
  if (percentage !== null) return Math.floor((listPrice * (100 - percentage) + 50) / 100)
  return currency === itsOwn ? Math.max(0, listPrice - (amount ?? 0)) : listPrice
}
