import { ParcelDelivered } from '#events/platform/parcel-delivered.v1/event'
import { both } from '#runtime/both'
import { accepted, http, type Deps } from '#runtime/http'
import { on, type EventDeps } from '#runtime/on'
import { deliver } from '../delivery'
import { problem } from '../problems'
import { lockOrder } from '../progress'
import { DeliverOrder } from './input'
import { keepEarlyDelivery } from './store'

/**
 * Notes that an order has reached its customer.
 *
 * Staff say so by a request, a carrier outside by an event; the effect is the same and happens once, whoever is first.
 */
export async function deliverOrder({ id }: DeliverOrder, deps: Deps) {
  const { db, clock } = deps
  return db.transaction(async (tx) => {
    if (!(await lockOrder(tx, id))) throw problem('unknown-order')
    const order = await deliver(tx, id, clock.now().toISOString(), deps)
    if (!order) throw problem('order-closed')
    return accepted({ orderId: id, status: order.status })
  })
}

/**
 * The same, told by an event. One that comes before the shipment is noted is kept until then. An order we do not know,
 * or that nobody has paid, cannot have been delivered: that is a fault, tried again and then kept as a dead letter. ISO 8601 has
 * moments that few can read; a parcel of such a moment came now, since whoever hears of it from us has to keep when.
 */
export async function takeDelivery({ orderId, deliveredAt }: ParcelDelivered, deps: EventDeps) {
  const { db, event, log, clock } = deps
  const at = (momentIn(deliveredAt) ?? clock.now()).toISOString()
  await db.once(event, async (tx) => {
    const order = await lockOrder(tx, orderId)
    if (!order) throw new Error(`a parcel was delivered for the order ${orderId}, which is not known here`)
    const { status } = order
    if (status === 'pending' || status === 'awaiting-payment') {
      throw new Error(`a parcel was delivered for the order ${orderId}, which is ${status}`)
    }
    if (status === 'shipped') await deliver(tx, orderId, at, deps)
    if (status === 'confirmed') keepEarlyDelivery(tx, orderId, at)
    if (status === 'cancelled' || status === 'rejected') {
      log.warn('a parcel was delivered for an order that is off', { orderId, status })
    }
  })
}

/** Years of four digits are what every system in the shop can keep. */
function momentIn(text: string): Date | undefined {
  const moment = new Date(text)
  const year = moment.getUTCFullYear()
  return year >= 1 && year <= 9999 ? moment : undefined
}

export default both(http(DeliverOrder, deliverOrder), on(ParcelDelivered, takeDelivery))
