import { StockReceived } from '#events/platform/stock-received.v1/event'
import { both } from '#runtime/both'
import type { Tx } from '#runtime/database'
import { created, http, type Deps } from '#runtime/http'
import { on, type EventDeps } from '#runtime/on'
import { ensureLevels, lockLevels, move } from '../ledger'
import { shown } from '../level'
import { ReceiveStock } from './input'

/**
 * Adds what a delivery brought to what is on hand.
 *
 * Staff say so by a request, a warehouse outside by an event; the effect is one and the same delta. Any well-formed SKU
 * is taken, since goods may come before the catalogue shows them.
 */
export async function receiveStock(receipt: ReceiveStock, { db, clock }: Deps) {
  return db.transaction(async (tx) => {
    const level = await receive(tx, receipt, clock.now())
    return created(`/v1/stock/${encodeURIComponent(receipt.sku)}`, shown(level))
  })
}

/** The same, told by an event: once, however often it is delivered. */
export async function receiveFromWarehouse(receipt: StockReceived, { db, event, clock }: EventDeps) {
  await db.once(event, (tx) => receive(tx, receipt, clock.now()))
}

async function receive(tx: Tx, { sku, quantity, reference }: ReceiveStock | StockReceived, at: Date) {
  ensureLevels(tx, [sku])
  const levels = await lockLevels(tx, [sku])
  const deltas = [{ sku, onHand: quantity, reserved: 0 }]
  const [level] = move(tx, levels, { kind: 'received', reference: reference ?? null, deltas }, at)
  return level!
}

export default both(http(ReceiveStock, receiveStock), on(StockReceived, receiveFromWarehouse))
