import type {
  OrderFigures,
  OrderPage,
  PaymentPage,
  Quantity,
  StockOfOrder,
  StockPage,
  Violation,
} from './figures'

/** What orders, stock and payments say of the orders of one range. */
export interface Range {
  orders: OrderPage
  stock: StockPage
  payments: PaymentPage
}

/** What stock has to say of an order at a status; at one that is not here, nothing can be expected yet. */
const HELD: Readonly<Record<string, readonly string[]>> = {
  'awaiting-payment': ['reserved'],
  confirmed: ['reserved'],
  shipped: ['handed-over'],
  delivered: ['handed-over'],
  returned: ['handed-over'],
  rejected: ['exhausted'],
  cancelled: ['released', 'exhausted'],
}

const PAID = new Set(['confirmed', 'shipped', 'delivered', 'returned'])

/** The invariants that are found out here. */
export const OF_ORDERS = [
  'known-order',
  'stock-of-order',
  'returns-of-order',
  'money-of-order',
  'sums-of-payment',
]

/**
 * What does not hold of the orders of a range. Only what has come to rest is compared: an order on one side of an event
 * and its stock on the other are not yet wrong.
 */
export function violationsIn({ orders, stock, payments }: Range): Violation[] {
  const known = new Map(orders.items.map((order) => [order.orderId, order]))
  const held = new Map(stock.items.map((item) => [item.orderId, item]))
  const paid = new Map(payments.items.map((item) => [item.orderId, item]))
  const strangers = [...held.values(), ...paid.values()].filter(
    ({ orderId, settled }) => settled && !known.has(orderId),
  )
  return [
    ...new Map(strangers.map(({ orderId }) => [orderId, unknown(orderId)])).values(),
    ...payments.items.flatMap(sumsOfPayment),
    ...orders.items
      .filter(({ settled }) => settled)
      .flatMap((order) => [
        ...goodsOf(order, held.get(order.orderId), stock.complete),
        ...moneyOf(order, paid.get(order.orderId), payments.complete),
      ]),
  ]
}

const unknown = (about: string): Violation => ({
  invariant: 'known-order',
  about,
  expected: 'an order that orders know',
  actual: 'only stock or payments know it',
})

function sumsOfPayment({ orderId: about, currency, ...sums }: PaymentPage['items'][number]): Violation[] {
  if (sums.captured === sums.captures && sums.refunded === sums.refunds) return []
  const expected = `${sums.captures} captured and ${sums.refunds} refunded, one by one (minor units of ${currency})`
  const actual = `${sums.captured} and ${sums.refunded} in all`
  return [{ invariant: 'sums-of-payment', about, expected, actual }]
}

function goodsOf(order: OrderFigures, item: StockOfOrder | undefined, complete: boolean): Violation[] {
  const { orderId: about, status } = order
  const states = HELD[status]
  if (!states || item?.settled === false || (!item && !complete)) return []
  const state = item?.state ?? 'unknown'
  const differences: Violation[] = []
  const expectSame = (invariant: string, expected: string, actual: string) => {
    if (expected !== actual) differences.push({ invariant, about, expected, actual: bounded(actual) })
  }
  if (!states.includes(state)) {
    const expected = `${states.join(' or ')} in stock, since it is ${status}`
    differences.push({ invariant: 'stock-of-order', about, expected, actual: `${state} in stock` })
  } else if (state !== 'released') {
    expectSame('stock-of-order', bounded(textOf(order.lines)), textOf(item!.lines))
  }
  expectSame('returns-of-order', bounded(textOf(order.returned)), textOf(item?.returned ?? []))
  return differences
}

function moneyOf(order: OrderFigures, payment: PaymentPage['items'][number] | undefined, complete: boolean) {
  const { orderId: about, currency, kept, paid, status } = order
  if (payment?.settled === false || (!payment && !complete)) return []
  const has = payment ? payment.captured - payment.refunded : 0
  const ofPayment =
    PAID.has(status) && !paid ? 'no payment' : `${has} ${has === 0 ? currency : payment!.currency}`
  const expected = `${kept} ${currency}`
  if (expected === ofPayment) return []
  const said = {
    expected: `${expected} (minor units) kept, by orders`,
    actual: `${ofPayment} kept, by payments`,
  }
  return [{ invariant: 'money-of-order', about, ...said }]
}

const textOf = (lines: readonly Quantity[]) =>
  lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join(', ') || '-'

/** What differs behind that is told by another violation of the same order, or by none. */
const bounded = (text: string) => (text.length > 900 ? `${text.slice(0, 900)} ...` : text)
