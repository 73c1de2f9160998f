import { OrderPlaced } from '#events/orders/order-placed.v1/event'
import { StockExhausted } from '#events/stock/stock-exhausted.v1/event'
import { StockReserved } from '#events/stock/stock-reserved.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { lockLevels, move, type Levels } from '../ledger'
import { summed, type Quantity } from '../level'
import { noteExhausted, noteReserved } from './store'

/**
 * Sets aside everything an order needs, or nothing.
 *
 * The levels are locked in order of SKU and changed by deltas in the same transaction, so of two orders for the last
 * piece one gets it and neither waits for ever. An order that was cancelled before we heard of it left a row that
 * says so: nothing is set aside for it. However many lines there are, the database is asked three times.
 */
export async function reserveStock({ orderId, lines }: OrderPlaced, { db, event, clock }: EventDeps) {
  await db.once(event, async (tx) => {
    const at = clock.now()
    const wanted = summed(lines)
    const skus = wanted.map(({ sku }) => sku)
    const noting = noteReserved(tx, { orderId, lines: wanted, at })
    const [isNew, levels] = await Promise.all([noting, lockLevels(tx, skus)])
    if (!isNew) return

    const shortages = shortagesOf(wanted, levels)
    if (shortages.length > 0) {
      noteExhausted(tx, orderId)
      tx.emit(StockExhausted, { orderId, shortages, exhaustedAt: at.toISOString() })
      return
    }
    const deltas = wanted.map(({ sku, quantity }) => ({ sku, onHand: 0, reserved: quantity }))
    move(tx, levels, { kind: 'reserved', reference: orderId, deltas }, at)
    tx.emit(StockReserved, { orderId, reservedAt: at.toISOString() })
  })
}

function shortagesOf(wanted: readonly Quantity[], levels: Levels) {
  return wanted.flatMap(({ sku, quantity }) => {
    const level = levels.get(sku)
    const available = level ? level.onHand - level.reserved : 0
    return available < quantity ? [{ sku, wanted: quantity, available }] : []
  })
}

export default on(OrderPlaced, reserveStock)
