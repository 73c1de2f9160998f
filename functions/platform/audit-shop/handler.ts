import { every, type EventDeps, type TickOutcome } from '#runtime/on'
import { peer, type Peer } from '#runtime/peer'
import { RELAYS } from '../listeners'
import { askRelays, type AskRelay } from '../relays'
import { figuresFrom, OwnFigures } from './figures'
import { auditOrders, type Look } from './orders'
import { keep } from './store'
import { unsentEvents } from './unsent'

type Deps = EventDeps & { orders: Peer; payments: Peer; stock: Peer; askRelay: AskRelay }

/**
 * Checks that money and stock add up across the shop, and says where they do not.
 *
 * It asks each domain for its own figures and reads no database but its own. What is still on its way is left out, and
 * what is found is told only when it is found again, as it was, at another look: once, until it changes. A domain that
 * does not answer is looked at the next time, and what is known of it stays known.
 */
export async function auditShop(deps: Deps): Promise<TickOutcome> {
  const { clock, orders, stock, askRelay } = deps
  const look = lookingWith(deps)
  const own = (asked: Peer) => async () => (await figuresFrom(asked, OwnFigures, '/v1/figures')).violations
  await look({ invariants: ['order-gets-on', 'refund-goes-back'] }, own(orders))
  await look({ invariants: ['stock-of-item', 'promises-of-item'] }, own(stock))
  for (const domain of Object.keys(RELAYS)) {
    const scope = { invariants: [`events-of-${domain}`] }
    await look(scope, () => unsentEvents(domain, askRelay, clock.now()))
  }
  await auditOrders(deps, look).catch((error: unknown) => notAudited(deps, error))
  // What is to be looked at next happens in other domains.
  return 'more'
}

const lookingWith =
  (deps: Deps): Look =>
  async (scope, find) => {
    const { db, clock, log } = deps
    try {
      const reports = await keep(db, scope, await find(), clock.now())
      for (const report of reports) log.error('an invariant is violated', report)
      return true
    } catch (error) {
      notAudited(deps, error, scope)
      return false
    }
  }

const notAudited = ({ log }: Deps, error: unknown, scope: object = {}) =>
  log.warn('something could not be audited; the next run tries again', { error, ...scope })

export default every(auditShop, {
  orders: peer('report-orders-figures'),
  payments: peer('report-payments-figures'),
  stock: peer('report-stock-figures'),
  askRelay: askRelays,
})
