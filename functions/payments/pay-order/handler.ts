import { accepted, http, type Deps } from '#runtime/http'
import type { Log } from '#runtime/log'
import { peer, type Peer } from '#runtime/peer'
import { askedOrder } from '../asked-order'
import { paymentGateway, type Gateway } from '../gateway'
import { isGatewayTrouble } from '../gateway-line'
import { isOpen, statusOf, type Attempt } from '../payment'
import { problem } from '../problems'
import { settle } from '../settle'
import { beginAttempt } from './begin'
import { PayOrder } from './input'

type Ports = { gateway: Gateway; viewOrder: Peer }

/**
 * Tries to take the money for an order with the payment method its customer chose.
 *
 * The try is recorded under its Idempotency-Key before the gateway is asked, and an order has one open try at most: of
 * many requests at once one charges, and a request that was cut off goes on with its own try when it is repeated. When
 * the gateway gives no answer the try stays open, and a notice or reconciling ends it.
 */
export async function payOrder({ id: orderId, paymentMethod }: PayOrder, deps: Deps & Ports) {
  const { db, caller, clock, log, gateway, idempotencyKey } = deps
  const asked = { orderId, customerId: caller.id, method: paymentMethod, idempotencyKey: idempotencyKey! }
  const attempt = await beginAttempt(db, asked, clock.now(), () => ownOrder(orderId, deps))
  const answer = isOpen(attempt) ? await answerOf(gateway, attempt, log) : undefined
  if (!answer) return accepted({ orderId, status: statusOf(attempt.state) })

  return db.transaction(async (tx) => {
    await settle(tx, attempt, answer, clock.now())
    return accepted({ orderId, status: statusOf(answer.status) })
  })
}

/** An order that is the caller's for sure: staff are shown everybody's. */
async function ownOrder(orderId: string, { caller, request, viewOrder }: Deps & Ports) {
  if (caller.role === 'customer') return askedOrder(viewOrder, orderId, request.headers)
  throw problem('unknown-payment', {}, { 'Retry-After': '1' })
}

/** What the gateway says, or nothing when it is in trouble. */
async function answerOf(gateway: Gateway, attempt: Attempt, log: Log) {
  try {
    return await gateway.charge(attempt)
  } catch (error) {
    if (!isGatewayTrouble(error)) throw error
    log.warn('the payment gateway gave no answer; reconciling will ask again', { error, key: attempt.key })
    return undefined
  }
}

export default http(PayOrder, payOrder, { gateway: paymentGateway, viewOrder: peer('view-order') })
