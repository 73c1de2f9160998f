import type { Tx } from '#runtime/database'
import { every, type EventDeps, type TickOutcome } from '#runtime/on'
import { reprice } from '../pricing'
import { claimDueDiscounts, hasOpenDiscounts, noteState, type DueDiscount } from './store'

const BATCH = 100
const BUDGET_MS = 20_000

/**
 * Begins and ends discounts when their time has come.
 *
 * Each edge is announced once: what a discount's row says of its edges changes with the price and its event in one
 * transaction, and a row that one run holds is passed over by another. After a time away every edge that was missed is
 * announced in its order, so a discount that came and went meanwhile ends at the list price with two versions more.
 * What a product costs is what was announced last: a discount begins within about a minute of its moment, everywhere.
 */
export async function turnDiscounts({ db, clock }: EventDeps): Promise<TickOutcome> {
  const started = performance.now()
  while (performance.now() - started < BUDGET_MS) {
    const now = clock.now()
    const turned = await db.transaction(async (tx) => {
      const due = await claimDueDiscounts(tx, now, BATCH)
      for (const discount of due) turn(tx, discount, now)
      return due.length
    })
    if (turned < BATCH) break
  }
  return (await hasOpenDiscounts(db)) ? 'more' : 'idle'
}

function turn(tx: Tx, { product, discount }: DueDiscount, now: Date): void {
  const { listPrice, currency } = product
  const begun =
    discount.state === 'awaited' ? reprice(tx, product, { listPrice, currency, discount }, now) : product
  const isOver = discount.until <= now
  if (isOver) reprice(tx, begun, { listPrice, currency, discount: undefined }, now)
  noteState(tx, product.sku, isOver ? 'over' : 'running')
}

export default every(turnDiscounts)
