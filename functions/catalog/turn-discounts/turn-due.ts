import type { Tx } from '#runtime/database'
import type { EventDeps } from '#runtime/on'
import { tellIfSoon } from '../discount-due'
import { reprice } from '../pricing'
import { claimDueDiscounts, nextEdge, noteState, type DueDiscount } from './store'

const BATCH = 100
const BUDGET_MS = 20_000

/**
 * Turns every discount with an edge that has come, and answers how many were turned and when the next edge is.
 *
 * Each edge is announced once: what a discount's row says of its edges changes with the price and its event in one
 * transaction, and a row that one run holds is passed over by another. After a time away every edge that was missed is
 * announced in its order, so a discount that came and went meanwhile ends at the list price with two versions more.
 * What a product costs is what was announced last.
 */
export async function turnDue({ db, clock }: EventDeps) {
  const started = performance.now()
  let turned = 0
  while (performance.now() - started < BUDGET_MS) {
    const now = clock.now()
    const batch = await db.transaction(async (tx) => {
      const due = await claimDueDiscounts(tx, now, BATCH)
      for (const discount of due) turn(tx, discount, now)
      return due.length
    })
    turned += batch
    if (batch < BATCH) break
  }
  return { turned, next: await nextEdge(db) }
}

function turn(tx: Tx, { product, discount }: DueDiscount, now: Date): void {
  const { listPrice, currency } = product
  const begun =
    discount.state === 'awaited' ? reprice(tx, product, { listPrice, currency, discount }, now) : product
  const isOver = discount.until <= now
  if (isOver) reprice(tx, begun, { listPrice, currency, discount: undefined }, now)
  else tellIfSoon(tx, product.sku, discount.until, now)
  noteState(tx, product.sku, isOver ? 'over' : 'running')
}
