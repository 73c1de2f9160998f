import { DiscountDue } from '#events/catalog/discount-due.v1/event'
import type { Tx } from '#runtime/database'

/** A timer looks once a minute. */
const SOON_MS = 60_000

/** Tells of an edge of a discount that comes before a timer looks at the clock. */
export function tellIfSoon(tx: Tx, sku: string, edge: Date, now: Date): void {
  const left = edge.getTime() - now.getTime()
  if (left > 0 && left < SOON_MS) tx.emit(DiscountDue, { sku, dueAt: edge.toISOString() })
}
