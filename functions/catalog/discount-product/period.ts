import { invalid } from '#runtime/parse'
import type { DiscountProduct } from './input'

/** The period of a discount; one that ends before it begins is refused. */
export function periodOf({ from, until }: Pick<DiscountProduct, 'from' | 'until'>) {
  const period = { from: new Date(from), until: new Date(until) }
  if (period.until <= period.from) throw invalid([{ detail: 'must be after from', pointer: '#/until' }])
  return period
}

/** What is taken off: a percentage or an amount, and not both. */
export function deductionOf({ percentage, amount }: DiscountProduct) {
  const deduction = { percentage: percentage ?? null, amount: amount ?? null }
  if ((deduction.percentage === null) === (deduction.amount === null)) {
    throw invalid([{ detail: 'either percentage or amount must be given', pointer: '#' }])
  }
  return deduction
}
