import { OrderReturned } from '#events/orders/order-returned.v1/event'
import type { Tx } from '#runtime/database'
import { accepted, http, type Deps } from '#runtime/http'
import { before, summed, totalOf, type Order, type OrderLine } from '../order'
import { lockOwnOrder } from '../ownership'
import { problem } from '../problems'
import { noteStep } from '../progress'
import { oweRefund } from '../refund'
import { ReturnOrder } from './input'
import { takeBack } from './lines'
import { insertReturn, noteReturned } from './store'

/**
 * Takes back some or all of what was delivered, and gives back what was paid for it.
 *
 * An order may come back bit by bit, and is `delivered` until everything is back. Its row is locked, so returns at the
 * same moment count each other: no more comes back than was bought, and no more money goes back than was paid.
 */
export async function returnOrder({ id, lines: wish, reason }: ReturnOrder, deps: Deps) {
  const { db, caller, clock, ids } = deps
  return db.transaction(async (tx) => {
    const order = await lockOwnOrder(tx, id, caller)
    if (!before('returned').includes(order.status)) throw problem('order-closed')

    const { returned, lines, isAll } = takeBack(order.lines, wish)
    const status = isAll ? 'returned' : order.status
    const [returnId, now] = [ids.next(), clock.now()]
    const back = { returnId, orderId: id, lines: summed(returned) }
    insertReturn(tx, { ...back, reason }, now)
    noteReturned(tx, id, lines, status, now)
    const step = isAll ? 'returned' : 'partly-returned'
    noteStep(tx, { orderId: id, status }, step, deps, { lines: back.lines, ...(reason && { reason }) })
    tx.emit(OrderReturned, { ...back, customerId: order.customerId, returnedAt: now.toISOString() })
    const refund = await refundFor(tx, { ...order, status }, returnId, returned, deps)
    return accepted({ ...back, status, refund, currency: order.currency })
  })
}

/** Exactly what the returned pieces cost when they were bought. */
async function refundFor(tx: Tx, order: Order, returnId: string, returned: OrderLine[], deps: Deps) {
  const { chargeId } = order
  if (chargeId === null) return 0
  const amount = totalOf(returned)
  const reason = 'The order was returned, or a part of it.'
  const refundKey = `return/${returnId}`
  await oweRefund(tx, order, { chargeId, refundKey, amount, reason, lines: returned }, deps)
  return amount
}

export default http(ReturnOrder, returnOrder)
