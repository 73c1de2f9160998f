import type { EventDeps } from '#runtime/on'
import type { Gateway } from '../gateway'
import type { Attempt, Refund } from '../payment'
import { askAgain, settleRefund } from '../refunds'
import { settle } from '../settle'
import { claimUnmatchedNotices, dropIfClosed } from './store'

type Deps = EventDeps & { gateway: Gateway }

/** Ends a try to pay as the gateway knows it; one that it was never asked for it is asked for now, unless the order is off. */
export async function settleOpenAttempt(attempt: Attempt, { db, clock, gateway }: Deps): Promise<void> {
  const known = await gateway.chargesOf(attempt.key)
  if (known.length === 0 && (await dropIfClosed(db, attempt, clock.now()))) return
  const charges = known.length > 0 ? known : [await gateway.charge(attempt)]
  await db.transaction(async (tx) => {
    for (const charge of charges) await settle(tx, attempt, charge, clock.now())
  })
}

/** The same for a refund. */
export async function settleOpenRefund(refund: Refund, { db, clock, gateway }: Deps): Promise<void> {
  const answer = await askAgain(gateway, refund)
  await db.transaction((tx) => settleRefund(tx, refund, answer, clock.now()))
}

/**
 * Settles by notices that came when their try was not known here, as after our database was restored from a copy; says
 * how many those were.
 */
export async function matchNotices({ db, clock }: EventDeps, limit: number): Promise<number> {
  return db.transaction(async (tx) => {
    const matches = await claimUnmatchedNotices(tx, clock.now(), limit)
    for (const { attempt, charge } of matches) await settle(tx, attempt, charge, clock.now())
    return matches.length
  })
}
