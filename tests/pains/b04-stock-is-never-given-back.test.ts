import { StockLevelChanged } from '#events/stock/stock-level-changed.v1/event'
import { openDomain } from '#support/domain'
import { IMBALANCE } from '#support/stock'
import { openWholeShop } from '#support/whole-shop'
import { showAvailability } from '../../functions/catalog/show-availability/handler'

/**
 * The seed cancelled unpaid orders and kept their stock for ever; cancelling by hand gave back neither the stock nor the
 * copy of it that another service showed.
 */
describe('B4: stock is never given back', () => {
  const shop = openWholeShop()
  const catalog = openDomain('catalog/show-availability')
  const { stock } = shop
  const available = async () => {
    for (const [type, data] of await stock.emitted()) {
      if (type === StockLevelChanged.type) {
        await showAvailability(data as StockLevelChanged, catalog.eventDeps())
      }
    }
    return catalog.rows('select sku, available from availability order by sku')
  }

  beforeEach(async () => {
    await shop.sells('TEA', 450, 20)
    await shop.sells('TIN', 100, 10)
  })

  test.each([
    ['its customer cancels it', (id: string) => shop.cancel(id)],
    ['nobody pays it in time', () => (shop.at('2026-03-02T10:00:00.000Z'), shop.expire())],
  ])('B4: an order gives everything back when %s, and the shop shows it', async (_, end) => {
    const id = await shop.place({ TEA: 3, TIN: 10 })
    await shop.settle()
    expect(await available()).toEqual([
      { sku: 'TEA', available: 17 },
      { sku: 'TIN', available: 0 },
    ])

    await end(id)
    await shop.settle({ times: 3, shuffledBy: 1 })

    expect(await shop.outcomes()).toEqual(['cancelled, none'])
    expect(await shop.levels()).toMatchObject([{ reserved: 0 }, { reserved: 0 }])
    expect(await available()).toEqual([
      { sku: 'TEA', available: 20 },
      { sku: 'TIN', available: 10 },
    ])
    const next = await shop.place({ TIN: 10 }, 'pm_approve')
    await shop.settle()
    expect(await shop.orders.rows('select status from orders where id = $1', [next])).toEqual([
      { status: 'confirmed' },
    ])
  })

  test.each([1, 2, 3, 4])(
    'B4: whatever becomes of many orders, nothing of the stock is lost or made (%i)',
    async (seed) => {
      const ways = [
        async (id: string) => shop.cancel(id),
        async (id: string) => (await shop.settle(), await shop.cancel(id)),
        async (id: string) => (await shop.settle(), await shop.ship(id)),
        async (id: string) => {
          await shop.settle({ times: 2, shuffledBy: seed })
          await shop.ship(id)
          await shop.bring(id)
          await shop.giveBack(id, [{ sku: 'TEA', quantity: 1 }])
        },
        async () => undefined,
      ]
      for (let nth = 0; nth < 15; nth++) {
        const id = await shop.place({ TEA: 2, TIN: 1 }, 'pm_approve')
        await ways[(nth * seed) % 5]!(id).catch(orderClosed)
      }

      await shop.settle({ times: 2, shuffledBy: seed, atOnce: 6 })

      const counts = { reserved: 0, shipped: 0, delivered: 0 }
      for (const one of await shop.outcomes()) {
        if (one.startsWith('confirmed')) counts.reserved++
        if (one.startsWith('shipped')) counts.shipped++
        if (one.startsWith('delivered')) counts.delivered++
      }
      const gone = counts.shipped + counts.delivered
      expect(await shop.levels()).toEqual([
        { sku: 'TEA', on_hand: 20 - 2 * gone + counts.delivered, reserved: 2 * counts.reserved },
        { sku: 'TIN', on_hand: 10 - gone, reserved: counts.reserved },
      ])
      expect(await stock.rows(IMBALANCE)).toEqual([])
    },
  )
})

/** An order that was rejected can be neither shipped nor cancelled. */
const orderClosed = (error: unknown) => expect(error).toMatchObject({ kind: 'order-closed' })
