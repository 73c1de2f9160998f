import { DiscountDue } from '#events/catalog/discount-due.v1/event'
import type { Tx } from '#runtime/database'

/** A timer looks once a minute. */
const SOON_MS = 60_000

/** Whether an edge of a discount comes before a timer looks at the clock. */
export const isSoon = (edge: Date, now: Date): boolean => edge.getTime() - now.getTime() < SOON_MS

/** Tells of an edge that is to come, if it is soon. */
export function tellIfSoon(tx: Tx, sku: string, edge: Date, now: Date): void {
  if (edge > now && isSoon(edge, now)) tx.emit(DiscountDue, { sku, dueAt: edge.toISOString() })
}
