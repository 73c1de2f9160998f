import { StockLevelChanged } from '#events/stock/stock-level-changed.v1/event'
import { openDomain } from '#support/domain'
import { IMBALANCE, level, orderReturned } from '#support/stock'
import { takeBackStock } from './handler'

describe('take-back-stock', () => {
  const domain = openDomain('stock/take-back-stock')
  const back = (returnId: string, quantities: Record<string, number>, eventId?: string) =>
    takeBackStock(orderReturned(returnId, 'o1', quantities), domain.eventDeps(eventId))
  const levels = () => domain.rows('select sku, on_hand, reserved from levels order by sku')

  test('adds what came back to what is on hand, and to what can be bought', async () => {
    await domain.given(level('TEA', 10, 4), level('TIN', 0))

    await back('r1', { TIN: 1, TEA: 2 })

    expect(await levels()).toEqual([
      { sku: 'TEA', on_hand: 12, reserved: 4 },
      { sku: 'TIN', on_hand: 1, reserved: 0 },
    ])
    expect(await domain.emitted()).toEqual([
      [StockLevelChanged.type, expect.objectContaining({ sku: 'TEA', onHand: 12, available: 8 })],
      [StockLevelChanged.type, expect.objectContaining({ sku: 'TIN', onHand: 1, available: 1 })],
    ])
    expect(await domain.rows(IMBALANCE)).toEqual([])
  })

  test('adds a return once, however often and by however many events it is told', async () => {
    await domain.given(level('TEA', 10))

    await Promise.all(Array.from({ length: 9 }, (_, nth) => back('r1', { TEA: 2 }, `e${nth % 3}`)))

    expect(await levels()).toMatchObject([{ on_hand: 12 }])
    expect(await domain.rows(IMBALANCE)).toEqual([])
  })

  test('adds every one of several returns of an order, also when they come together', async () => {
    await Promise.all(
      Array.from({ length: 30 }, (_, nth) => back(`r${nth}`, nth % 2 ? { A: 1, B: 2 } : { B: 2, A: 1 })),
    )

    expect(await levels()).toMatchObject([
      { sku: 'A', on_hand: 30 },
      { sku: 'B', on_hand: 60 },
    ])
    expect(await domain.rows(IMBALANCE)).toEqual([])
  })
})
