import { every, type EventDeps, type TickOutcome } from '#runtime/on'
import { peer, type Peer } from '#runtime/peer'
import { paymentGateway, type Gateway } from '../gateway'
import { compareWithGateway } from './compare'
import { eachOf } from './each-of'
import { matchNotices, settleOpenAttempt, settleOpenRefund } from './settle-open'
import { claimOpenAttempts, claimOpenRefunds, hasOpen } from './store'

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
  const isComparing = await compareWithGateway(deps)
  const limits = { batch: BATCH, end: performance.now() + BUDGET_MS }
  await eachOf(claimOpenAttempts, settleOpenAttempt, limits, deps)
  await eachOf(claimOpenRefunds, settleOpenRefund, limits, deps)
  const matched = await matchNotices(deps, BATCH)
  return isComparing || matched === BATCH || (await hasOpen(deps.db)) ? 'more' : 'idle'
}

export default every(reconcilePayments, {
  gateway: paymentGateway,
  orders: peer('report-orders-figures'),
})
