import { StockLevelChanged } from '#events/stock/stock-level-changed.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { learnAvailability } from './store'

/**
 * Learns how many of a product can be bought.
 *
 * Every level carries its version and only a newer one counts, so repeated and reordered events end in the same number
 * and no inbox is needed. Stock may speak of a product before it is added here: what it said is kept for then.
 */
export async function showAvailability({ sku, available, version }: StockLevelChanged, { db }: EventDeps) {
  await learnAvailability(db, { sku, available, version })
}

export default on(StockLevelChanged, showAvailability)
