import { StockLevelChanged } from '#events/stock/stock-level-changed.v1/event'
import { parse } from '#runtime/parse'
import { atOnce } from '#support/carts'
import { product, productCache } from '#support/catalog'
import { openDomain } from '#support/domain'
import { IMBALANCE, level, orderPlaced } from '#support/stock'
import { changeProduct } from '../../functions/catalog/change-product/handler'
import { ChangeProduct } from '../../functions/catalog/change-product/input'
import { showAvailability } from '../../functions/catalog/show-availability/handler'
import { receiveStock } from '../../functions/stock/receive-stock/handler'
import { ReceiveStock } from '../../functions/stock/receive-stock/input'
import { reserveStock } from '../../functions/stock/reserve-stock/handler'
import { viewStock } from '../../functions/stock/view-stock/handler'

/**
 * In the seed an admin saved a product with the number of pieces that the page had shown, and what was sold since then was
 * for sale again; the wrong number was sent on to the copies.
 */
describe('B6: a stale number overwrites stock', () => {
  const stock = openDomain('stock/receive-stock')
  stock.operation.emits!.push('stock/stock-reserved.v1', 'stock/stock-exhausted.v1')
  const catalog = openDomain('catalog/change-product')
  const reserve = (id: string, quantity: number) =>
    reserveStock(orderPlaced(id, { TEA: quantity }), stock.eventDeps(id))
  const receive = (quantity: number) => receiveStock({ sku: 'TEA', quantity }, stock.deps())
  const levels = () => stock.rows('select on_hand, reserved from levels')

  test.each(['available', 'onHand', 'stock', 'stockQuantity', 'quantity'])(
    'B6: a product cannot be changed with a number of pieces: %s',
    (field) => {
      expect(() => parse(ChangeProduct, { sku: 'TEA', name: 'Sencha', [field]: 10 }, 'strict')).toThrow(
        expect.objectContaining({
          members: { errors: [expect.objectContaining({ pointer: `#/${field}` })] },
        }) as Error,
      )
    },
  )

  test.each([{ onHand: 12 }, { quantity: 0 }, { quantity: -3 }, { quantity: 5, onHand: 12 }])(
    'B6: a receipt says how much has come, and never how much there is: %p',
    (said) => {
      expect(() => parse(ReceiveStock, { sku: 'TEA', ...said }, 'strict')).toThrow('invalid-request')
    },
  )

  test('B6: what was sold between a look at the level and a receipt stays sold', async () => {
    await stock.given(level('TEA', 10))
    const looked = await viewStock({ sku: 'TEA' }, stock.deps())
    await reserve('o1', 4)

    await receive(5)

    expect(looked.body).toMatchObject({ onHand: 10, reserved: 0 })
    expect(await levels()).toEqual([{ on_hand: 15, reserved: 4 }])
  })

  test('B6: receipts and orders at the same moment are all counted, and each level is announced once', async () => {
    await stock.given(level('TEA', 1_000))

    await atOnce<unknown>(60, (turn) => (turn % 2 === 0 ? receive(5) : reserve(`o${turn}`, 3)))

    expect(await levels()).toEqual([{ on_hand: 1_000 + 30 * 5, reserved: 30 * 3 }])
    expect(await stock.rows(IMBALANCE)).toEqual([])
    const told = (await stock.emitted())
      .filter(([type]) => type === StockLevelChanged.type)
      .map(([, data]) => data as StockLevelChanged)
      .sort((a, b) => a.version - b.version)
    expect(told.map(({ version }) => version)).toEqual(Array.from({ length: 60 }, (_, nth) => nth + 2))
    expect(told.at(-1)).toMatchObject({ onHand: 1_150, reserved: 90, available: 1_060 })
  })

  test('B6: describing a product leaves the number of pieces that stock told of meanwhile', async () => {
    await catalog.given(product('TEA', { available: 10 }))
    const learned = (available: number, version: number) =>
      showAvailability(
        {
          ...{ sku: 'TEA', onHand: available, reserved: 0, available, version },
          changedAt: '2026-03-01T10:00:00.000Z',
        },
        catalog.eventDeps(),
      )

    await Promise.all([
      ...Array.from({ length: 10 }, (_, nth) =>
        changeProduct({ sku: 'TEA', name: `Tea ${nth}` }, { ...catalog.deps(), products: productCache() }),
      ),
      ...[5, 3, 2, 4].map((version) => learned(10 - version, version)),
    ])

    expect(await catalog.rows('select available, version from availability')).toEqual([
      { available: 5, version: 5 },
    ])
  })
})
