import { OrderReturned } from '#events/orders/order-returned.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { ensureLevels, lockLevels, move } from '../ledger'
import { summed } from '../level'
import { keepReturn } from './store'

/**
 * Puts back on the shelf what came back of an order.
 *
 * Each return counts once, by its own id. It adds to what is on hand and asks nothing of the order's past, so it may
 * even be heard of before the shipment was: the sums are the same in the end.
 */
export async function takeBackStock({ returnId, orderId, lines }: OrderReturned, deps: EventDeps) {
  const { db, event, clock } = deps
  await db.once(event, async (tx) => {
    const at = clock.now()
    const back = summed(lines)
    if (!(await keepReturn(tx, { returnId, orderId, lines: back }, at))) return

    const skus = back.map(({ sku }) => sku)
    ensureLevels(tx, skus)
    const levels = await lockLevels(tx, skus)
    const deltas = back.map(({ sku, quantity }) => ({ sku, onHand: quantity, reserved: 0 }))
    move(tx, levels, { kind: 'taken-back', reference: orderId, deltas }, at)
  })
}

export default on(OrderReturned, takeBackStock)
