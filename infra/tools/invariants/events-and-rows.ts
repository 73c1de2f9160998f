import type { Facts } from './facts'

/** The same things as events tell them and as rows say them, by keys. */
export interface EventsAndRows {
  name: string
  events: string[]
  rows: string[]
}

type Data = Record<string, unknown>

const byOrder = ({ orderId }: Data) => String(orderId)
const byRefund = ({ orderId, refundKey }: Data) => `${String(orderId)}/${String(refundKey)}`
const byAttempt = ({ orderId, attempt }: Data) => `${String(orderId)}/${String(attempt)}`
const byVersion = ({ sku, version }: Data) => `${String(sku)} ${String(version)}`

/** The keys of all events of a type. */
const told = ({ announced }: Facts, path: string, keyOf: (data: Data) => string): string[] =>
  announced.filter(({ type }) => type === `shop.kiosk.${path}.v1`).map(({ data }) => keyOf(data as Data))

const keysOf = (rows: readonly { key: string }[]) => rows.map(({ key }) => key)

/** What orders tell, and what they have heard of refunds. */
export function eventsAndRowsOfOrders(facts: Facts): EventsAndRows[] {
  const { orders, returns, due } = facts
  const step = (name: string) => ({
    name: `orders.order-${name}`,
    events: told(facts, `orders.order-${name}`, byOrder),
    rows: orders.flatMap(({ id, steps }) => steps.filter((one) => one === name).map(() => id)),
  })
  return [
    {
      name: 'orders.order-placed',
      events: told(facts, 'orders.order-placed', byOrder),
      rows: orders.map(({ id }) => id),
    },
    ...['accepted', 'rejected', 'confirmed', 'cancelled', 'shipped', 'delivered'].map(step),
    {
      name: 'orders.order-returned',
      events: told(facts, 'orders.order-returned', ({ returnId }) => String(returnId)),
      rows: returns,
    },
    { name: 'orders.refund-due', events: told(facts, 'orders.refund-due', byRefund), rows: keysOf(due) },
    {
      name: 'payments.payment-refunded (in orders)',
      events: keysOf(due.filter(({ isBack }) => isBack)),
      rows: keysOf(due),
    },
  ]
}

/** What stock tells, and its own ledger; `firstVersion` is a level's before anything was told of it. */
export function eventsAndRowsOfStock(facts: Facts, firstVersion: number): EventsAndRows[] {
  const { levels, ledger, reservations } = facts
  const held = (event: string, ...states: string[]) => ({
    name: `stock.${event}`,
    events: told(facts, `stock.${event}`, byOrder),
    rows: reservations
      .filter(({ state, lines }) => states.includes(state) && lines.length > 0)
      .map(({ orderId }) => orderId),
  })
  const versionsOf = ({ sku, version }: { sku: string; version: number }) =>
    Array.from({ length: version - firstVersion }, (_, nth) => `${sku} ${nth + 1 + firstVersion}`)
  return [
    held('stock-reserved', 'reserved', 'released', 'handed-over'),
    held('stock-exhausted', 'exhausted'),
    held('stock-released', 'released'),
    {
      name: 'stock.stock-level-changed',
      events: told(facts, 'stock.stock-level-changed', byVersion),
      rows: levels.flatMap(versionsOf),
    },
    {
      name: 'moves of stock',
      events: ledger.map(({ sku, moves }) => `${sku} ${moves}`),
      rows: levels.map(({ sku, version }) => `${sku} ${version}`),
    },
  ]
}

/** What payments tell. A try that ended because its order was off is told to nobody. */
export function eventsAndRowsOfPayments(facts: Facts): EventsAndRows[] {
  const { attempts, captures, refunds } = facts
  const declined = attempts.filter(({ state, reason }) => state === 'declined' && reason !== 'order_closed')
  return [
    {
      name: 'payments.payment-captured',
      events: told(facts, 'payments.payment-captured', ({ chargeId }) => String(chargeId)),
      rows: captures,
    },
    {
      name: 'payments.payment-declined',
      events: told(facts, 'payments.payment-declined', byAttempt),
      rows: keysOf(declined),
    },
    {
      name: 'payments.payment-refunded',
      events: told(facts, 'payments.payment-refunded', byRefund),
      rows: keysOf(refunds.filter(({ state }) => state === 'refunded')),
    },
  ]
}
