import { attemptOf } from '../attempts'
import { GatewayTrouble } from '../gateway-line'
import type { GatewayCharge } from '../payment'
import { settle } from '../settle'
import type { CompareDeps, Outcome } from './compare'
import { endFinding, keepFinding } from './comparisons'
import { isOrder } from './known-order'
import { isOnOurBooks, isPaymentKnown, learnAttempt } from './books'

/** As `attempts.key` is made. */
const REFERENCE = /^order\/([^/]{2,64})\/(\d{1,9})$/

/**
 * Puts a charge of the gateway on our books, as a late notice of it would; gives its money back when neither payments nor
 * orders know its order. An order that orders know and payments do not is on its way here.
 */
export async function compareCharge(
  charge: GatewayCharge,
  comparison: string,
  deps: CompareDeps,
): Promise<Outcome> {
  const { db, clock, orders } = deps
  const { id, status, reference, amount, currency } = charge
  const [, orderId, attempt] = REFERENCE.exec(reference) ?? []
  if (orderId === undefined) {
    const found = { id, kind: 'foreign', reference, amount, currency } as const
    if (status === 'captured') await keepFinding(db, comparison, found, 'done', clock.now())
    return 'right'
  }
  if (await isOnOurBooks(db, charge)) return 'right'
  if (await isPaymentKnown(db, orderId)) {
    return settleFound(charge, { orderId, attempt: Number(attempt) }, comparison, deps)
  }
  if (status === 'declined') return 'right'
  if (status === 'pending' || (await isOrder(orders, orderId))) return 'waits'
  return giveBack(charge, orderId, comparison, deps)
}

/** The try may be unknown too: its number is taken then, so that no later try has its key. */
async function settleFound(
  charge: GatewayCharge,
  { orderId, attempt }: { orderId: string; attempt: number },
  comparison: string,
  { db, clock }: CompareDeps,
): Promise<Outcome> {
  const { id, status, reference, amount, currency } = charge
  const now = clock.now()
  return db.transaction(async (tx) => {
    await learnAttempt(tx, { orderId, attempt }, charge, now)
    // One order has one open try: a pending one that we do not know waits until that which we know is over.
    if (!(await attemptOf(tx, reference))) return 'waits'
    await settle(tx, { key: reference, orderId, attempt }, charge, now)
    const found = { id, kind: 'settled', reference, orderId, amount, currency } as const
    if (status === 'captured') await keepFinding(tx, comparison, found, 'done', now)
    return 'right'
  })
}

/** Recorded before the gateway is asked, and asked with a key of its own: nothing goes back twice. */
async function giveBack(
  { id, reference, amount, currency, refunded = 0 }: GatewayCharge,
  orderId: string,
  comparison: string,
  { db, clock, gateway, log }: CompareDeps,
): Promise<Outcome> {
  const refund = { key: `stray/${id}`, chargeId: id, amount: amount - refunded }
  const [known] = await gateway.refundsOf(refund)
  if (!known && refund.amount === 0) return 'right'

  const found = { id, kind: 'given-back', reference, orderId, currency } as const
  const kept = { ...found, amount: known?.amount ?? refund.amount }
  const state = await keepFinding(db, comparison, kept, 'started', clock.now())
  if (state === 'done') return 'right'
  const { status } = known ?? (await gateway.refund(refund))
  if (status === 'failed') throw new GatewayTrouble(`the payment gateway could not give back ${refund.key}`)
  await endFinding(db, id)
  log.warn('money of an order that is not known goes back', {
    order: orderId,
    charge: id,
    amount: kept.amount,
  })
  return 'right'
}
