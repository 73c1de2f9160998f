import { OrderPlaced } from '#events/orders/order-placed.v1/event'
import { on, type EventDeps } from '#runtime/on'
import { forget } from './store'

/**
 * Takes out of a customer's cart what was ordered.
 *
 * Quantities are subtracted, not lines emptied, so what was added after ordering stays. The event is remembered by
 * the script that subtracts, so a repeated delivery takes nothing twice. It cannot tell a line that was removed and
 * begun anew before this event arrived from the line that was ordered: of that one it takes the ordered quantity too.
 */
export async function forgetOrderedItems({ customerId, lines }: OrderPlaced, { cache, event }: EventDeps) {
  await forget(cache, event, customerId, lines)
}

export default on(OrderPlaced, forgetOrderedItems)
