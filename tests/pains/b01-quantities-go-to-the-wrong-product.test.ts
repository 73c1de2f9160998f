import type { EventDeps } from '#runtime/on'
import { openDomain } from '#support/domain'
import { order } from '#support/orders'
import { IMBALANCE, level, orderPlaced } from '#support/stock'
import type { OrderLine } from '../../functions/orders/order'
import { placeOrder } from '../../functions/orders/place-order/handler'
import { reserveStock } from '../../functions/stock/reserve-stock/handler'

/** What is ordered of each item and what one costs: no two sums are alike. */
const WANTED = { A: [1, 101], B: [2, 211], C: [3, 307], D: [4, 401], E: [5, 503] } as const
type Sku = keyof typeof WANTED
const SKUS = Object.keys(WANTED) as Sku[]
const quantityOf = (sku: Sku) => WANTED[sku][0]
const priceOf = (sku: Sku) => WANTED[sku][1]
const TOTAL = SKUS.reduce((sum, sku) => sum + quantityOf(sku) * priceOf(sku), 0)

/** The same wish as a customer may write it: from any item on, in steps, with two lines for what is more than one. */
const written = (from: number, step: number) => {
  const turned = SKUS.map((_, nth) => SKUS[(from + nth * step) % SKUS.length]!)
  const first = turned.map((sku) => ({ sku, quantity: 1 }))
  const rest = turned.toReversed().map((sku) => ({ sku, quantity: quantityOf(sku) - 1 }))
  return [...first, ...rest.filter(({ quantity }) => quantity > 0)]
}
const ways = SKUS.flatMap((_, from) => [1, 2, 3, 4].map((step) => [from, step] as const))

/**
 * The seed locked the products in whatever order the database gave them, and paired the nth product with the nth line of
 * the request: other quantities, other prices, deadlocks, and "not found" for an item that is named twice.
 */
describe('B1: quantities and prices go to the wrong product', () => {
  const orders = openDomain('orders/place-order')
  const stock = openDomain('stock/reserve-stock')
  const unasked = () => Promise.reject(new Error('nobody should be asked'))

  /** Rows that lie in the table in another order than any request names them. */
  beforeEach(() =>
    orders.given(async (db) => {
      for (const sku of ['D', 'B', 'E', 'A', 'C'] as const) {
        const columns = '(sku, name, price, currency, price_version)'
        await db.query(`insert into products ${columns} values ($1, $1, 1, 'EUR', 1)`, [sku])
      }
      for (const sku of ['C', 'E', 'A', 'D', 'B'] as const) {
        await db.query('update products set price = $2 where sku = $1', [sku, priceOf(sku)])
      }
    }),
  )

  test.each(ways)('B1: each line has its own price, written from %i in steps of %i', async (from, step) => {
    const wish = order({}, { lines: written(from, step), confirmedTotal: TOTAL })

    const deps = Object.assign(orders.deps(), { viewCart: unasked, viewProduct: unasked })
    const { body } = await placeOrder(wish, deps)

    const [placed] = await orders.rows<{ lines: OrderLine[]; total: number }>(
      'select lines, total from orders where id = $1',
      [body!.orderId],
    )
    expect(placed).toEqual({
      lines: SKUS.map((sku) => ({
        ...{ sku, name: sku },
        ...{ quantity: quantityOf(sku), unitPrice: priceOf(sku) },
      })),
      total: TOTAL,
    })
  })

  test('B1: each level gets its own quantity, however the lines are ordered and repeated', async () => {
    await stock.given(...SKUS.map((sku) => level(sku, 1_000)))

    for (const [from, step] of ways) {
      const id = `order-${from}-${step}`
      const lines = written(from, step).map((line) => ({ ...line, name: line.sku, unitPrice: 1 }))
      await reserveStock({ ...orderPlaced(id, {}), lines }, stock.eventDeps(id))
    }

    expect(await stock.rows('select sku, reserved from levels order by sku')).toEqual(
      SKUS.map((sku) => ({ sku, reserved: ways.length * quantityOf(sku) })),
    )
  })

  test('B1: orders that name the same items in opposite orders never deadlock', async () => {
    await stock.given(...SKUS.toReversed().map((sku) => level(sku, 1_000)))
    let works = 0
    /** A transaction that met a deadlock is tried again: its work would be counted twice. */
    const counted = ({ db, ...deps }: EventDeps): EventDeps => ({
      ...deps,
      db: { ...db, once: (event, work) => db.once(event, (tx) => (works++, work(tx))) },
    })

    await Promise.all(
      Array.from({ length: 80 }, (_, nth) => {
        const skus = nth % 2 === 0 ? SKUS : SKUS.toReversed()
        const wish = orderPlaced(`o${nth}`, Object.fromEntries(skus.map((sku) => [sku, quantityOf(sku)])))
        return reserveStock(wish, counted(stock.eventDeps(`e${nth}`)))
      }),
    )

    expect(works).toBe(80)
    expect(await stock.rows('select sku, reserved from levels order by sku')).toEqual(
      SKUS.map((sku) => ({ sku, reserved: 80 * quantityOf(sku) })),
    )
    expect(await stock.rows(IMBALANCE)).toEqual([])
  })
})
