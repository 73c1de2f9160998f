import { OrderCancelled } from '#events/orders/order-cancelled.v1/event'
import { OrderRejected } from '#events/orders/order-rejected.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { closePaymentOf } from './store'

/**
 * Takes no more money for an order that is off.
 *
 * An order that was rejected is never announced as accepted, so without this its customer would be told for ever to try
 * again in a moment. If the end of an order overtakes its acceptance, the row left here keeps charge from beginning. Money
 * that was taken stays as it is: giving it back is for orders to decide. A try that is open is left to the gateway's
 * answer, and a capture that comes late is announced like any other. No inbox is needed: a second time changes nothing.
 */
export async function closePayment(order: OrderRejected | OrderCancelled, { db, clock }: EventDeps) {
  await closePaymentOf(db, order, clock.now())
}

export default on([OrderRejected, OrderCancelled], closePayment)
