import type { Facts } from './facts'
import type { World } from './world'

/** What each event tells, and which rows say the same: neither without the other, and each once. */
export function eventsWithoutFacts({ seen, sku }: World, facts: Facts): string[] {
  const { orders, returns, due, levels, reservations, attempts, captures, refunds, announced } = facts
  const step = (wanted: string) =>
    orders.flatMap(({ id, steps }) => steps.filter((name) => name === wanted).map(() => id))
  const held = (...states: string[]) =>
    reservations
      .filter(({ state, lines }) => states.includes(state) && lines.length > 0)
      .map(({ orderId }) => orderId)
  const told = (path: string, keyOf: (data: Record<string, unknown>) => unknown) =>
    announced
      .filter(({ type }) => type === `shop.kiosk.${path}.v1`)
      .map(({ data }) => String(keyOf(data as Record<string, unknown>)))
  const order = ({ orderId }: Record<string, unknown>) => orderId
  const refund = ({ orderId, refundKey }: Record<string, unknown>) =>
    `${String(orderId)}/${String(refundKey)}`
  const step2 = (event: string, name: string): [string, string[], string[]] => [
    event,
    told(event, order),
    step(name),
  ]
  const both: [string, string[], string[]][] = [
    ['orders.order-placed', told('orders.order-placed', order), orders.map(({ id }) => id)],
    step2('orders.order-accepted', 'accepted'),
    step2('orders.order-rejected', 'rejected'),
    step2('orders.order-confirmed', 'confirmed'),
    step2('orders.order-cancelled', 'cancelled'),
    step2('orders.order-shipped', 'shipped'),
    step2('orders.order-delivered', 'delivered'),
    ['orders.order-returned', told('orders.order-returned', ({ returnId }) => returnId), returns],
    ['orders.refund-due', told('orders.refund-due', refund), due.map(({ key }) => key)],
    [
      'stock.stock-reserved',
      told('stock.stock-reserved', order),
      held('reserved', 'released', 'handed-over'),
    ],
    ['stock.stock-exhausted', told('stock.stock-exhausted', order), held('exhausted')],
    ['stock.stock-released', told('stock.stock-released', order), held('released')],
    [
      'stock.stock-level-changed',
      told('stock.stock-level-changed', (data) => `${String(data['sku'])} ${String(data['version'])}`),
      levels.flatMap((level) =>
        Array.from({ length: level.version - 1 }, (_, nth) => `${level.sku} ${nth + 2}`),
      ),
    ],
    ['payments.payment-captured', told('payments.payment-captured', ({ chargeId }) => chargeId), captures],
    [
      'payments.payment-declined',
      told('payments.payment-declined', (data) => `${String(data['orderId'])}/${String(data['attempt'])}`),
      attempts
        .filter(({ state, reason }) => state === 'declined' && reason !== 'order_closed')
        .map(({ key }) => key),
    ],
    [
      'payments.payment-refunded',
      told('payments.payment-refunded', refund),
      refunds.filter(({ state }) => state === 'refunded').map(({ key }) => key),
    ],
    [
      'payments.payment-refunded (in orders)',
      due.filter(({ isBack }) => isBack).map(({ key }) => key),
      due.map(({ key }) => key),
    ],
    [
      'moves of stock',
      facts.ledger.map(({ sku: of, moves }) => `${of} ${moves}`),
      levels.map(({ sku: of, version }) => `${of} ${version}`),
    ],
  ]
  const known = new Set(announced.map(({ id }) => id))
  const fromHere = [...seen.values()].filter(({ source }) => !source.endsWith('/platform'))
  return [
    ...both.flatMap(([name, events, rows]) => differences(name, events, rows)),
    ...announced.filter(({ id }) => !seen.has(id)).map(({ type }) => `${type} was never sent`),
    ...fromHere.filter(({ id }) => !known.has(id)).map(({ type }) => `${type} was sent, but never happened`),
    ...orders.flatMap(({ id, steps }) =>
      repeated(
        steps.filter((name) => /declined/.test(name)),
        id,
      ),
    ),
    ...(levels.length >= 2 && levels[0]!.sku === sku(0) ? [] : ['an item has no level']),
  ]
}

function differences(name: string, events: readonly string[], rows: readonly string[]): string[] {
  const [one, other] = [[...events].sort(), [...rows].sort()]
  if (JSON.stringify(one) === JSON.stringify(other)) return []
  return [`${name}: events tell [${one.join(', ')}], tables [${other.join(', ')}]`]
}

const repeated = (steps: readonly string[], id: string) =>
  new Set(steps).size === steps.length ? [] : [`order ${id} notes a decline twice`]
