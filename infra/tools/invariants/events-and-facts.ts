import type { Facts } from './facts'

/** An event that was sent, whoever sent it. */
export interface Sent {
  type: string
  source: string
}

/** What each event tells, and which rows say the same: neither without the other, and each once. */
export function eventsWithoutFacts(
  facts: Facts,
  /** Every event that was sent, by its id. */
  sent: ReadonlyMap<string, Sent>,
  /** The version of a level before anything was told of it. */
  firstVersion: number,
): string[] {
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
        Array.from(
          { length: level.version - firstVersion },
          (_, nth) => `${level.sku} ${nth + 1 + firstVersion}`,
        ),
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
  const fromHere = [...sent].filter(([, { source }]) => /\/(orders|stock|payments)$/.test(source))
  return [
    ...both.flatMap(([name, events, rows]) => differences(name, events, rows)),
    ...announced
      .filter(({ id }) => !sent.has(id))
      .map(({ id, type }) => `${type} was never sent (event ${id})`),
    ...fromHere
      .filter(([id]) => !known.has(id))
      .map(([id, { type }]) => `${type} was sent, but never happened (event ${id})`),
    ...orders.flatMap(({ id, steps }) =>
      repeated(
        steps.filter((name) => /declined/.test(name)),
        id,
      ),
    ),
  ]
}

function differences(name: string, events: readonly string[], rows: readonly string[]): string[] {
  const [one, other] = [[...events].sort(), [...rows].sort()]
  if (JSON.stringify(one) === JSON.stringify(other)) return []
  return [`${name}: ${without(one, other, 'events')}; ${without(other, one, 'tables')}`]
}

/** What one side says that the other does not, or says more often. */
function without(side: readonly string[], other: readonly string[], name: string): string {
  const left = new Map<string, number>()
  for (const key of other) left.set(key, (left.get(key) ?? 0) + 1)
  const only = side.filter((key) => {
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count <= 0
  })
  return `only the ${name} tell [${only.join(', ')}]`
}

const repeated = (steps: readonly string[], id: string) =>
  new Set(steps).size === steps.length ? [] : [`order ${id} notes a decline twice`]
