import type { Charge } from '../../sandbox/charge'
import { eventsWithoutFacts, type Sent } from './events-and-facts'
import type { Facts } from './facts'

type Order = Facts['orders'][number]

/** What those outside of the shop know, and no table of its can make true. */
export interface Outside {
  /** What there was of each item: at the beginning, and what came since. */
  had: ReadonlyMap<string, number>
  /** The gateway's own books: every charge of an order. */
  chargesOf: (orderId: string) => readonly Charge[]
  /** Every event that was sent, by its id. */
  sent: ReadonlyMap<string, Sent>
  /** The version of a level before anything was told of it. */
  firstVersion: number
}

/** Everything that is not as it must be in a shop at rest, whatever was done to it before. */
export function violationsOf(facts: Facts, outside: Outside): string[] {
  const reservations = new Map(facts.reservations.map(({ orderId, state }) => [orderId, state]))
  const open = new Set(
    facts.attempts
      .filter(({ state }) => !['captured', 'declined'].includes(state))
      .map(({ key }) => key.slice(0, key.lastIndexOf('/'))),
  )
  return [
    ...facts.orders.flatMap((order) =>
      orderAtItsEnd(order, open.has(order.id), reservations.get(order.id) ?? 'none'),
    ),
    ...stockIsConstant(facts, outside.had),
    ...moneyIsRight(facts, outside.chargesOf),
    ...eventsWithoutFacts(facts, outside.sent, outside.firstVersion),
  ]
}

const unless = (isRight: boolean, violation: string) => (isRight ? [] : [violation])

/** An order is at an end, or waits for its customer; and what is set aside for it is what it has of the stock. */
function orderAtItsEnd({ id, status }: Order, isOpen: boolean, state: string): string[] {
  const wanted: readonly string[] = {
    ...{ pending: [], 'awaiting-payment': ['reserved'], confirmed: ['reserved'] },
    ...{ shipped: ['handed-over'], delivered: ['handed-over'], returned: ['handed-over'] },
    ...{ rejected: ['exhausted'], cancelled: ['released', 'exhausted'] },
  }[status]
  return [
    ...unless(status !== 'pending' && !isOpen, `order ${id} is not at an end: ${status}`),
    ...unless(wanted.includes(state), `order ${id} is ${status}, its stock is ${state}`),
  ]
}

/** What is there, what is promised and what was sold are together what there was. */
function stockIsConstant({ orders, levels, ledger }: Facts, begun: Outside['had']): string[] {
  return [...begun].flatMap(([sku, had]) => {
    const level = levels.find((one) => one.sku === sku)
    const moved = ledger.find((one) => one.sku === sku)
    if (!level || !moved) return [`${sku} has no level`]
    const sumOf = (statuses: string[], of: (line: Order['lines'][number]) => number) =>
      orders
        .filter(({ status }) => statuses.includes(status))
        .flatMap(({ lines }) => lines.filter((line) => line.sku === sku))
        .reduce((sum, line) => sum + of(line), 0)
    const sold = sumOf(
      ['shipped', 'delivered', 'returned'],
      ({ quantity, returned = 0 }) => quantity - returned,
    )
    const promised = sumOf(['awaiting-payment', 'confirmed'], ({ quantity }) => quantity)
    const { onHand, reserved } = level
    return [
      ...unless(onHand + sold === had, `${sku}: ${onHand} on hand and ${sold} sold, but there were ${had}`),
      ...unless(reserved === promised, `${sku}: ${reserved} reserved, but orders have ${promised}`),
      ...unless(
        moved.onHand === onHand && moved.reserved === reserved,
        `${sku}: the ledger says ${moved.onHand} and ${moved.reserved}, the level ${onHand} and ${reserved}`,
      ),
    ]
  })
}

/** What an order has cost its customer, by its own lines. */
function costOf({ status, total, lines }: Order): number {
  if (['pending', 'awaiting-payment', 'rejected', 'cancelled'].includes(status)) return 0
  return total - lines.reduce((sum, { unitPrice, returned = 0 }) => sum + unitPrice * returned, 0)
}

/** The gateway's own books say, order by order, what the orders cost; and it took the money of none twice. */
function moneyIsRight({ orders, payments }: Facts, chargesOf: Outside['chargesOf']): string[] {
  const books = new Map(payments.map((payment) => [payment.orderId, payment]))
  return orders.flatMap((order) => {
    const charges = chargesOf(order.id).filter(({ status }) => status === 'captured')
    const captured = charges.reduce((sum, { amount }) => sum + amount, 0)
    const refunded = charges.reduce((sum, charge) => sum + charge.refunded, 0)
    const known = books.get(order.id) ?? { captured: 0, refunded: 0 }
    const cost = costOf(order)
    const paid =
      captured === 0
        ? 'nothing'
        : refunded === 0
          ? 'captured'
          : refunded < captured
            ? 'partly-refunded'
            : 'refunded'
    const shown = ['none', 'awaited', 'declined'].includes(order.payment) ? 'nothing' : order.payment
    return [
      ...unless(
        captured - refunded === cost,
        `order ${order.id} costs ${cost}, the gateway has ${captured} - ${refunded}`,
      ),
      ...unless(charges.length <= 1, `order ${order.id} was charged ${charges.length} times`),
      ...unless(
        known.captured === captured && known.refunded === refunded,
        `order ${order.id}: payments know of ${known.captured} - ${known.refunded}, the gateway of ${captured} - ${refunded}`,
      ),
      ...unless(shown === paid, `order ${order.id} shows ${order.payment}, but its money is ${paid}`),
    ]
  })
}
