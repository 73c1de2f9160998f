import { PaymentAwaited } from '#events/payments/payment-awaited.v1/event'
import type { Database } from '#runtime/database'
import { requestProblem } from '#runtime/problem'
import type { AskedOrder } from '../asked-order'
import { learnPayment } from '../learn'
import { isOpen, type Attempt } from '../payment'
import { orderProblem, problem } from '../problems'
import { isTaken, paymentAsked, startAttempt, type Asked } from './store'

/**
 * A new try, or the one that the same request began before it was cut off. Refuses what cannot be paid (again) now. Of an
 * order that payments have not heard of `orderOf` says what orders know: a customer who sees that it is to be paid may pay
 * before we are told.
 */
export async function beginAttempt(
  db: Database,
  asked: Asked,
  at: Date,
  orderOf: () => Promise<AskedOrder | undefined>,
): Promise<Attempt> {
  const begun = (await announcedAttempt(db, asked, at)) ?? (await attemptBefore(db, asked))
  if (begun) return begun

  const order = await orderOf()
  if (!order) throw problem('unknown-payment')
  if (order.status === 'pending') throw problem('not-accepted', {}, { 'Retry-After': '1' })
  if (order.status !== 'awaiting-payment') throw orderProblem('order-closed')
  const started = (await announcedAttempt(db, asked, at, order)) ?? (await attemptBefore(db, asked))
  if (!started) throw problem('unknown-payment')
  return started
}

/** The try that this very request has begun; undefined when payments do not know the order. */
async function attemptBefore(db: Database, asked: Asked): Promise<Attempt | undefined> {
  const payment = await paymentAsked(db, asked)
  if (!payment) return undefined
  const { status, attempt } = payment
  if (attempt) {
    if (attempt.method !== asked.method) throw requestProblem('idempotency-key-reused')
    if (status === 'closed' && isOpen(attempt)) throw orderProblem('order-closed')
    return attempt
  }
  if (status === 'closed') throw orderProblem('order-closed')
  if (status !== 'awaited' && status !== 'declined') throw problem('already-paid')
  throw problem('payment-in-progress', {}, { 'Retry-After': '5' })
}

/** A try and its announcement, together, and with them what orders say is to be paid; undefined when none can begin. */
async function announcedAttempt(
  db: Database,
  asked: Asked,
  at: Date,
  order?: AskedOrder,
): Promise<Attempt | undefined> {
  const { customerId } = asked
  const begun = db.transaction(async (tx) => {
    if (order) await learnPayment(tx, { ...order, customerId, amount: order.total }, at)
    const started = await startAttempt(tx, asked, at)
    if (!started) return undefined
    const { orderId, amount, currency, attempt } = started
    tx.emit(PaymentAwaited, { orderId, customerId, amount, currency, attempt, awaitedAt: at.toISOString() })
    return started
  })
  return begun.catch((error: unknown) => {
    if (isTaken(error)) return undefined
    throw error
  })
}
