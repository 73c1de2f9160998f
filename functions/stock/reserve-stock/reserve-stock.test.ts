import { StockExhausted } from '#events/stock/stock-exhausted.v1/event'
import { StockLevelChanged } from '#events/stock/stock-level-changed.v1/event'
import { StockReserved } from '#events/stock/stock-reserved.v1/event'
import { openDomain } from '#support/domain'
import { IMBALANCE, level, orderPlaced } from '#support/stock'
import { reserveStock } from './handler'

describe('reserve-stock', () => {
  const domain = openDomain('stock/reserve-stock')
  const reserve = (orderId: string, quantities: Record<string, number>, eventId = `event of ${orderId}`) =>
    reserveStock(orderPlaced(orderId, quantities), domain.eventDeps(eventId))
  const levels = () => domain.rows('select sku, on_hand, reserved from levels order by sku')
  const told = async (type: string) => (await domain.emitted()).filter(([name]) => name === type)

  test('sets aside everything an order needs', async () => {
    await domain.given(level('TEA', 10, 1), level('TIN', 5))

    await reserve('o1', { TIN: 5, TEA: 2 })

    expect(await levels()).toEqual([
      { sku: 'TEA', on_hand: 10, reserved: 3 },
      { sku: 'TIN', on_hand: 5, reserved: 5 },
    ])
    expect(await told(StockReserved.type)).toHaveLength(1)
    expect((await told(StockLevelChanged.type)).map(([, data]) => data)).toEqual([
      expect.objectContaining({ sku: 'TEA', onHand: 10, reserved: 3, available: 7, version: 2 }),
      expect.objectContaining({ sku: 'TIN', onHand: 5, reserved: 5, available: 0, version: 2 }),
    ])
  })

  test('sets nothing aside when one item is short, and says which', async () => {
    await domain.given(level('TEA', 10), level('TIN', 5, 4))

    await reserve('o1', { TEA: 1, TIN: 2, GHOST: 1 })

    expect(await levels()).toMatchObject([{ reserved: 0 }, { reserved: 4 }])
    const shortages = [
      { sku: 'GHOST', wanted: 1, available: 0 },
      { sku: 'TIN', wanted: 2, available: 1 },
    ]
    expect(await domain.emitted()).toEqual([
      [StockExhausted.type, { orderId: 'o1', shortages, exhaustedAt: '2026-03-01T10:00:00.000Z' }],
    ])
  })

  test('counts two lines of one item together', async () => {
    await domain.given(level('TEA', 3))
    const placed = orderPlaced('o1', { TEA: 2 })

    await reserveStock({ ...placed, lines: [...placed.lines, ...placed.lines] }, domain.eventDeps())

    expect(await told(StockExhausted.type)).toHaveLength(1)
  })

  test('reserves once, however often and however many at a time it is told', async () => {
    await domain.given(level('TEA', 10))

    await Promise.all(Array.from({ length: 12 }, (_, index) => reserve('o1', { TEA: 2 }, `e${index % 3}`)))

    expect(await levels()).toMatchObject([{ reserved: 2 }])
    expect(await told(StockReserved.type)).toHaveLength(1)
  })

  test('does nothing for an order that was cancelled before it was heard of', async () => {
    await domain.given(level('TEA', 10), (db) =>
      db.query(
        `insert into reservations (order_id, state, lines, at) values ('o1', 'released', '[]', now())`,
      ),
    )

    await reserve('o1', { TEA: 2 })

    expect(await levels()).toMatchObject([{ reserved: 0 }])
    expect(await domain.emitted()).toEqual([])
  })

  test('never sells more than there is: 200 orders at once for ten tins and twenty teas', async () => {
    await domain.given(level('TEA', 20), level('TIN', 10))

    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        reserve(`o${index}`, index % 2 === 0 ? { TEA: 1, TIN: 1 } : { TIN: 1, TEA: 1 }),
      ),
    )

    expect(await levels()).toMatchObject([
      { sku: 'TEA', reserved: 10 },
      { sku: 'TIN', reserved: 10 },
    ])
    expect(await told(StockReserved.type)).toHaveLength(10)
    expect(await told(StockExhausted.type)).toHaveLength(190)
    expect(await domain.rows(IMBALANCE)).toEqual([])
  })

  test('keeps the books for orders of many items in any order, and counts every level up by one', async () => {
    const skus = ['A', 'B', 'C', 'D', 'E']
    await domain.given(...skus.map((sku) => level(sku, 20)))
    const from = (start: number) =>
      Object.fromEntries(skus.map((_, n) => [skus[(start * (n + 1)) % 5]!, 1 + (n % 2)]))

    await Promise.all(Array.from({ length: 60 }, (_, index) => reserve(`o${index}`, from(index))))

    const promised = await domain.rows(
      `select line ->> 'sku' as sku, sum((line ->> 'quantity')::bigint)::bigint as reserved
         from reservations, jsonb_array_elements(lines) as line where state = 'reserved' group by 1 order by 1`,
    )
    expect(await domain.rows('select sku, reserved from levels order by sku')).toEqual(promised)
    expect(await domain.rows(IMBALANCE)).toEqual([])
    for (const sku of skus) {
      const changes = (await told(StockLevelChanged.type)).map(
        ([, data]) => data as { sku: string; version: number },
      )
      const versions = changes
        .flatMap((change) => (change.sku === sku ? [change.version] : []))
        .sort((a, b) => a - b)
      expect(versions).toEqual(versions.map((_, index) => index + 2))
    }
  })
})
