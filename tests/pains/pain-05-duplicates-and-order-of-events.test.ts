import { StockLevelChanged } from '#events/stock/stock-level-changed.v1/event'
import { PriceChanged } from '#events/catalog/price-changed.v1/event'
import { ProductAdded } from '#events/catalog/product-added.v1/event'
import { ProductRetired } from '#events/catalog/product-retired.v1/event'
import type { EventDefinition } from '#runtime/event'
import { openDomain } from '#support/domain'
import { IMBALANCE, level, orderPlaced } from '#support/stock'
import { openWholeShop } from '#support/whole-shop'
import { showAvailability } from '../../functions/catalog/show-availability/handler'
import { learnProduct } from '../../functions/orders/learn-product/handler'
import { releaseStock } from '../../functions/stock/release-stock/handler'
import { reserveStock } from '../../functions/stock/reserve-stock/handler'

const AT = '2026-03-01T10:00:00.000Z'

/** Every order of some things. */
const ordersOf = <T>(things: readonly T[]): T[][] =>
  things.length === 0
    ? [[]]
    : things.flatMap((first, at) => ordersOf(things.toSpliced(at, 1)).map((rest) => [first, ...rest]))

/**
 * What users of other shops report: brokers deliver two to four times and in any order, brokers' own windows against
 * duplicates forget, and all of it is left to whoever hears the event.
 */
describe('Pain 5: duplicates and order of events', () => {
  const stock = openDomain('stock/release-stock')
  stock.operation.emits!.push('stock/stock-reserved.v1', 'stock/stock-exhausted.v1')
  const catalog = openDomain('catalog/show-availability')
  const orders = openDomain('orders/learn-product')

  const cancelled = { orderId: 'o1', customerId: 'ada', reason: 'No.', cancelledAt: AT }
  const deliveries = [
    ['placed', 'e1'],
    ['placed', 'e1'],
    ['cancelled', 'e2'],
    ['cancelled', 'e2'],
    ['cancelled', 'e3'],
  ] as const

  test('Pain 5: an order and its cancellation leave no stock behind, however often and in whatever order they arrive', async () => {
    const arrivals = new Set(ordersOf(deliveries).map((one) => JSON.stringify(one)))
    expect(arrivals.size).toBe(30)

    for (const arrival of arrivals) {
      await stock.given((db) => db.query('truncate levels, ledger, reservations, inbox, outbox'))
      await stock.given(level('TEA', 10))
      for (const [what, id] of JSON.parse(arrival) as typeof deliveries) {
        if (what === 'placed') await reserveStock(orderPlaced('o1', { TEA: 3 }), stock.eventDeps(id))
        else await releaseStock(cancelled, stock.eventDeps(id))
      }

      expect([arrival, await stock.rows('select on_hand, reserved from levels')]).toEqual([
        arrival,
        [{ on_hand: 10, reserved: 0 }],
      ])
      expect(await stock.rows(IMBALANCE)).toEqual([])
    }
  })

  test('Pain 5: the newest level of an item stands, in whatever order its levels arrive', async () => {
    const levels = [4, 1, 9, 6].map((available, nth) => ({
      ...{ sku: 'TEA', onHand: available, reserved: 0, available, version: nth + 1, changedAt: AT },
    }))

    for (const arrival of ordersOf([...levels])) {
      await catalog.given((db) => db.query('truncate availability'))
      for (const one of [...arrival, ...arrival]) await showAvailability(one, catalog.eventDeps())

      expect(await catalog.rows('select available, version from availability')).toEqual([
        { available: 6, version: 4 },
      ])
    }
    expect(StockLevelChanged.subject(levels[0]!)).toBe('TEA')
  })

  test('Pain 5: the newest price of an item stands, and what is retired stays so, in whatever order they arrive', async () => {
    const about = { sku: 'TEA', currency: 'EUR' }
    const said: [EventDefinition, object][] = [
      [
        ProductAdded,
        { ...about, name: 'Tea', description: '', category: 'T', price: 100, version: 1, addedAt: AT },
      ],
      [PriceChanged, { ...about, price: 200, listPrice: 200, version: 2, changedAt: AT }],
      [PriceChanged, { ...about, price: 150, listPrice: 200, version: 3, changedAt: AT }],
      [ProductRetired, { sku: 'TEA', version: 4, retiredAt: AT }],
    ]

    for (const arrival of ordersOf(said)) {
      await orders.given((db) => db.query('truncate products'))
      for (const [{ type }, data] of [...arrival, arrival[0]!]) {
        const deps = orders.eventDeps()
        await learnProduct(data as PriceChanged, { ...deps, event: { ...deps.event, type } })
      }

      expect(await orders.rows('select name, price, retired from products')).toEqual([
        { name: 'Tea', price: 150, retired: true },
      ])
    }
  })

  describe('in the whole shop', () => {
    const shop = openWholeShop()

    test.each([11, 12, 13, 14, 15, 16])(
      'Pain 5: one order is one story, whatever arrives twice, late or before its cause (%i)',
      async (shuffledBy) => {
        await shop.sells('TEA', 450, 10)
        const ids = [await shop.place({ TEA: 1 }, 'pm_approve'), await shop.place({ TEA: 2 }, 'pm_approve')]
        await shop.cancel(ids[0]!)

        await shop.settle({ times: 4, shuffledBy, atOnce: 8 })

        expect(await shop.outcomes()).toEqual(['cancelled, none', 'confirmed, captured'])
        const steps = await shop.orders.rows<{ step: string }>(
          'select step from order_steps where order_id = $1 order by sequence',
          [ids[1]],
        )
        expect(steps.map(({ step }) => step)).toEqual(['placed', 'accepted', 'confirmed'])
        expect(await shop.levels()).toEqual([{ sku: 'TEA', on_hand: 10, reserved: 2 }])
        expect(await shop.money()).toEqual({ captured: 900, refunded: 0 })
      },
    )
  })
})
