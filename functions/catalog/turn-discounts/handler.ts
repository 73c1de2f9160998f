import { setTimeout as pause } from 'node:timers/promises'
import { DiscountDue } from '#events/catalog/discount-due.v1/event'
import type { Tx } from '#runtime/database'
import { behindOneDoor } from '#runtime/doors'
import { every, on, type EventDeps, type TickOutcome } from '#runtime/on'
import { isSoon, tellIfSoon } from '../discount-due'
import { reprice } from '../pricing'
import { claimDueDiscounts, nextEdge, noteState, type DueDiscount } from './store'

const BATCH = 100
const BUDGET_MS = 20_000
// Whoever ends a process waits for what is under way.
const PATIENCE_MS = 5_000
const LOOK_EVERY_MS = 1_000

/**
 * Begins and ends discounts when their time has come.
 *
 * Each edge is announced once: what a discount's row says of its edges changes with the price and its event in one
 * transaction, and a row that one run holds is passed over by another. After a time away every edge that was missed is
 * announced in its order, so a discount that came and went meanwhile ends at the list price with two versions more.
 * What a product costs is what was announced last. Answers how many were turned, and when the next edge is.
 */
export async function turnDiscounts({ db, clock }: EventDeps) {
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

/**
 * Turns, or stays a little for the edge that comes before the next tick, so that it is turned at its moment. Whoever has
 * turned something goes, since what was announced is sent then; for an edge that is near still there is another event.
 */
export async function stayForNextEdges(deps: EventDeps, patienceMs = PATIENCE_MS): Promise<TickOutcome> {
  const end = performance.now() + patienceMs
  for (;;) {
    const { turned, next } = await turnDiscounts(deps)
    if (next === undefined) return 'idle'
    const now = deps.clock.now()
    if (turned > 0 || !isSoon(next.at, now)) return 'more'
    const waitMs = Math.max(0, next.at.getTime() - now.getTime())
    if (performance.now() + Math.min(waitMs, LOOK_EVERY_MS) > end) {
      await deps.db.transaction(async (tx) => tellIfSoon(tx, next.sku, next.at, now))
      return 'more'
    }
    await pause(Math.min(waitMs + 1, LOOK_EVERY_MS))
  }
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

export default behindOneDoor({
  tick: every((deps) => stayForNextEdges(deps)),
  event: on(DiscountDue, (_due, deps) => stayForNextEdges(deps)),
})
