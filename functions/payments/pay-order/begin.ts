import { PaymentAwaited } from '#events/payments/payment-awaited.v1/event'
import type { Database } from '#runtime/database'
import { requestProblem } from '#runtime/problem'
import { isOpen, type Attempt } from '../payment'
import { orderProblem, problem } from '../problems'
import { isTaken, paymentAsked, startAttempt, type Asked } from './store'

/**
 * A new try, or the one that the same request began before it was cut off. Refuses what cannot be paid (again) now.
 * Another's order and one that payments has not heard of yet look the same; the second is heard of in a moment.
 */
export async function beginAttempt(db: Database, asked: Asked, at: Date): Promise<Attempt> {
  const started = await announcedAttempt(db, asked, at)
  if (started) return started

  const payment = await paymentAsked(db, asked)
  if (!payment) throw problem('unknown-payment', {}, { 'Retry-After': '1' })
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

/** A try and its announcement, together; undefined when none can begin. */
async function announcedAttempt(db: Database, asked: Asked, at: Date): Promise<Attempt | undefined> {
  const begun = db.transaction(async (tx) => {
    const started = await startAttempt(tx, asked, at)
    if (!started) return undefined
    const { orderId, amount, currency, attempt } = started
    const { customerId } = asked
    tx.emit(PaymentAwaited, { orderId, customerId, amount, currency, attempt, awaitedAt: at.toISOString() })
    return started
  })
  return begun.catch((error: unknown) => {
    if (isTaken(error)) return undefined
    throw error
  })
}
