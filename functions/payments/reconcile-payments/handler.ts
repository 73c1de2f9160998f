import { every, type EventDeps, type TickOutcome } from '#runtime/on'
import { paymentGateway, type Gateway } from '../gateway'
import type { Attempt } from '../payment'
import { settle } from '../settle'
import { claimOpenAttempts, claimUnmatchedNotices, dropIfClosed, hasOpenAttempts } from './store'

type Deps = EventDeps & { gateway: Gateway }

const BATCH = 20
const BUDGET_MS = 20_000

/**
 * Asks the payment gateway what became of every try to pay that is open too long.
 *
 * Lost notices, answers that never came and crashes between two steps all end here, through the code that handles an
 * answer. A try that the gateway was never asked about is asked now, with its own key, unless its order is off by now. Each try
 * is looked at by one run at a time, and the less often the older it is.
 */
export async function reconcilePayments(deps: Deps): Promise<TickOutcome> {
  const { db, clock, log } = deps
  const started = performance.now()
  while (performance.now() - started < BUDGET_MS) {
    const attempts = await claimOpenAttempts(db, clock.now(), BATCH)
    const outcomes = await Promise.allSettled(attempts.map((attempt) => reconcile(attempt, deps)))
    const failure = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failure) log.warn('not every try could be reconciled', { error: failure.reason as unknown })
    if (failure || attempts.length < BATCH) break
  }
  const matched = await matchNotices(deps)
  return matched === BATCH || (await hasOpenAttempts(db)) ? 'more' : 'idle'
}

async function reconcile(attempt: Attempt, { db, clock, gateway }: Deps): Promise<void> {
  const known = await gateway.chargesOf(attempt.key)
  if (known.length === 0 && (await dropIfClosed(db, attempt, clock.now()))) return
  const charges = known.length > 0 ? known : [await gateway.charge(attempt)]
  await db.transaction(async (tx) => {
    for (const charge of charges) await settle(tx, attempt, charge, clock.now())
  })
}

/** Notices that came when their try was not known here, as after our database was restored from a copy. */
async function matchNotices({ db, clock }: Deps): Promise<number> {
  return db.transaction(async (tx) => {
    const matches = await claimUnmatchedNotices(tx, clock.now(), BATCH)
    for (const { attempt, charge } of matches) await settle(tx, attempt, charge, clock.now())
    return matches.length
  })
}

export default every(reconcilePayments, { gateway: paymentGateway })
