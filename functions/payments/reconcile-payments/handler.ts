import type { Queryable } from '#runtime/database'
import { every, type EventDeps, type TickOutcome } from '#runtime/on'
import { peer, type Peer } from '#runtime/peer'
import { paymentGateway, type Gateway } from '../gateway'
import type { Attempt, Refund } from '../payment'
import { askAgain, settleRefund } from '../refunds'
import { settle } from '../settle'
import { compareWithGateway } from './compare'
import { claimOpenAttempts, claimOpenRefunds, claimUnmatchedNotices, dropIfClosed, hasOpen } from './store'

type Deps = EventDeps & { gateway: Gateway; orders: Peer }

const BATCH = 20
const BUDGET_MS = 20_000

/**
 * Asks the payment gateway what became of every try to pay, and of every refund, that is open too long.
 *
 * Lost notices, answers that never came and crashes between two steps all end here, through the code that handles an
 * answer. What the gateway was never asked for is asked for now, with its own key; but not a try to pay whose order is
 * off by now. Each is looked at by one run at a time, and the less often the older it is. Where a comparison with all
 * that the gateway did is asked for, as after our databases were restored, that is worked at too.
 */
export async function reconcilePayments(deps: Deps): Promise<TickOutcome> {
  const { db } = deps
  const isComparing = await compareWithGateway(deps)
  const end = performance.now() + BUDGET_MS
  await eachOf(claimOpenAttempts, reconcile, end, deps)
  await eachOf(claimOpenRefunds, reconcileRefund, end, deps)
  const matched = await matchNotices(deps)
  return isComparing || matched === BATCH || (await hasOpen(db)) ? 'more' : 'idle'
}

/** Works a batch at a time until nothing is due; one that fails does not hold up the others of its batch. */
async function eachOf<T>(
  claim: (db: Queryable, now: Date, limit: number) => Promise<T[]>,
  work: (one: T, deps: Deps) => Promise<void>,
  end: number,
  deps: Deps,
): Promise<void> {
  const { db, clock, log } = deps
  while (performance.now() < end) {
    const claimed = await claim(db, clock.now(), BATCH)
    const outcomes = await Promise.allSettled(claimed.map((one) => work(one, deps)))
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failure) log.warn('not everything could be reconciled', { error: failure.reason as unknown })
    if (failure || claimed.length < BATCH) break
  }
}

async function reconcile(attempt: Attempt, { db, clock, gateway }: Deps): Promise<void> {
  const known = await gateway.chargesOf(attempt.key)
  if (known.length === 0 && (await dropIfClosed(db, attempt, clock.now()))) return
  const charges = known.length > 0 ? known : [await gateway.charge(attempt)]
  await db.transaction(async (tx) => {
    for (const charge of charges) await settle(tx, attempt, charge, clock.now())
  })
}

async function reconcileRefund(refund: Refund, { db, clock, gateway }: Deps): Promise<void> {
  const answer = await askAgain(gateway, refund)
  await db.transaction((tx) => settleRefund(tx, refund, answer, clock.now()))
}

/** Notices that came when their try was not known here, as after our database was restored from a copy. */
async function matchNotices({ db, clock }: Deps): Promise<number> {
  return db.transaction(async (tx) => {
    const matches = await claimUnmatchedNotices(tx, clock.now(), BATCH)
    for (const { attempt, charge } of matches) await settle(tx, attempt, charge, clock.now())
    return matches.length
  })
}

export default every(reconcilePayments, {
  gateway: paymentGateway,
  orders: peer('report-orders-figures'),
})
