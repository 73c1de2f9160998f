import type { EventDeps } from '#runtime/on'
import type { Peer } from '#runtime/peer'
import { OF_ORDERS, violationsIn } from './compare'
import { figuresFrom, OrderPage, PaymentPage, StockPage, type Violation } from './figures'
import { beginning, keepProgress, type Scope } from './store'

/** Finds what does not hold in a scope and keeps it; false when it could not be found out. */
export type Look = (scope: Scope, find: () => Promise<Violation[]>) => Promise<boolean>

type Deps = EventDeps & { orders: Peer; payments: Peer; stock: Peer }

const BUDGET_MS = 30_000
const SETTLED_MS = 300_000
const PATH = '/v1/figures/orders'

/**
 * Compares what orders, stock and payments say of every order, some at a time in the order of their ids, which is that of
 * their time; what there is no time for is begun with at the next run.
 */
export async function auditOrders(deps: Deps, look: Look): Promise<void> {
  const { db, clock } = deps
  const end = performance.now() + BUDGET_MS
  const settledBefore = new Date(clock.now().getTime() - SETTLED_MS).toISOString()
  let after = await beginning(db)
  do {
    const orders = await figuresFrom(deps.orders, OrderPage, PATH, { after, settledBefore })
    const until = orders.last ? undefined : orders.items.at(-1)!.orderId
    const range = { after, until, settledBefore }
    const looked = await look({ invariants: OF_ORDERS, after, until }, async () => {
      const [stock, payments] = await Promise.all([
        figuresFrom(deps.stock, StockPage, PATH, range),
        figuresFrom(deps.payments, PaymentPage, PATH, range),
      ])
      return violationsIn({ orders, stock, payments })
    })
    if (!looked) return
    after = until ?? ''
    await keepProgress(db, after)
  } while (after !== '' && performance.now() < end)
}
