import { invalid } from '#runtime/parse'
import type { DiscountProduct } from './input'

/** The period of a discount; one that ends before it begins is refused. */
export function periodOf({ from, until }: Pick<DiscountProduct, 'from' | 'until'>) {
  const period = { from: momentOf(from, '#/from'), until: momentOf(until, '#/until') }
  if (period.until <= period.from) throw invalid([{ detail: 'must be after from', pointer: '#/until' }])
  return period
}

/** Written like a moment and yet none: 10:61, or a zone 99 hours away. */
function momentOf(text: string, pointer: string): Date {
  const moment = new Date(text)
  if (Number.isNaN(moment.getTime())) throw invalid([{ detail: 'is not a moment', pointer }])
  return moment
}

/** What is taken off: a percentage or an amount, and not both. */
export function deductionOf({ percentage, amount }: DiscountProduct) {
  const deduction = { percentage: percentage ?? null, amount: amount ?? null }
  if ((deduction.percentage === null) === (deduction.amount === null)) {
    throw invalid([{ detail: 'either percentage or amount must be given', pointer: '#' }])
  }
  return deduction
}
