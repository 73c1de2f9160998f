import fc from 'fast-check'
import { StockLevelChanged } from '#events/stock/stock-level-changed.v1/event'
import { openDomain } from '#support/domain'
import { IMBALANCE, level, orderPlaced, orderReturned, orderShipped, reserved } from '#support/stock'
import { releaseStock } from '../release-stock/handler'
import { reserveStock } from '../reserve-stock/handler'
import { takeBackStock } from '../take-back-stock/handler'
import { handOverStock } from './handler'

const BOUGHT = { TEA: 3, TIN: 1 }
const CANCELLED = { customerId: 'ada', reason: 'x', cancelledAt: '2026-03-01T09:30:00.000Z' }

describe('hand-over-stock', () => {
  const domain = openDomain('stock/hand-over-stock')
  // The whole life of an order's stock is lived below, in this operation's database.
  domain.operation.emits!.push(
    'stock/stock-reserved.v1',
    'stock/stock-exhausted.v1',
    'stock/stock-released.v1',
  )
  const ship = (eventId?: string, orderId = 'o1') =>
    handOverStock(orderShipped(orderId, BOUGHT), domain.eventDeps(eventId))
  const levels = () => domain.rows('select sku, on_hand, reserved from levels order by sku')

  test('takes what was set aside from what is reserved and from what is on hand', async () => {
    await domain.given(level('TEA', 10, 5), level('TIN', 1, 1), reserved('o1', BOUGHT))

    await ship()

    expect(await levels()).toEqual([
      { sku: 'TEA', on_hand: 7, reserved: 2 },
      { sku: 'TIN', on_hand: 0, reserved: 0 },
    ])
    expect(await domain.emitted()).toEqual([
      [StockLevelChanged.type, expect.objectContaining({ sku: 'TEA', onHand: 7, available: 5, version: 2 })],
      [StockLevelChanged.type, expect.objectContaining({ sku: 'TIN', onHand: 0, available: 0, version: 2 })],
    ])
    expect(await domain.rows(IMBALANCE)).toEqual([])
  })

  test('takes it once, however often and however many at a time it is told', async () => {
    await domain.given(level('TEA', 10, 5), level('TIN', 1, 1), reserved('o1', BOUGHT))

    await Promise.all(Array.from({ length: 9 }, (_, nth) => ship(`e${nth % 3}`)))

    expect(await levels()).toMatchObject([{ on_hand: 7 }, { on_hand: 0 }])
    expect(await domain.rows(IMBALANCE)).toEqual([])
  })

  test.each([
    ['that it has not heard of', () => Promise.resolve()],
    ['whose stock was freed', reserved('o1', BOUGHT, 'released')],
    ['that there was not enough for', reserved('o1', BOUGHT, 'exhausted')],
  ])('keeps trying when an order was shipped %s, and takes nothing', async (_, past) => {
    await domain.given(level('TEA', 10, 5), level('TIN', 1, 1), past)

    await expect(ship()).rejects.toThrow('nothing is set aside')

    expect(await levels()).toMatchObject([{ on_hand: 10 }, { on_hand: 1 }])
    expect(await domain.rows('select id from inbox')).toEqual([])
  })

  test('frees nothing of what has left', async () => {
    await domain.given(level('TEA', 10, 5), level('TIN', 1, 1), reserved('o1', BOUGHT))
    await ship()

    await releaseStock({ orderId: 'o1', ...CANCELLED }, domain.eventDeps())

    expect(await levels()).toMatchObject([
      { on_hand: 7, reserved: 2 },
      { on_hand: 0, reserved: 0 },
    ])
  })

  const told = {
    placed: (orderId: string) =>
      reserveStock(orderPlaced(orderId, BOUGHT), domain.eventDeps(`${orderId} placed`)),
    cancelled: (orderId: string) =>
      releaseStock({ orderId, ...CANCELLED }, domain.eventDeps(`${orderId} cancelled`)),
    shipped: (orderId: string) => ship(`${orderId} shipped`, orderId),
    'first part returned': (orderId: string) =>
      takeBackStock(
        orderReturned(`${orderId}/1`, orderId, { TEA: 1 }),
        domain.eventDeps(`${orderId} back 1`),
      ),
    'rest returned': (orderId: string) =>
      takeBackStock(
        orderReturned(`${orderId}/2`, orderId, { TEA: 2, TIN: 1 }),
        domain.eventDeps(`${orderId} back 2`),
      ),
  }
  type Told = keyof typeof told
  const sold: Told[] = ['placed', 'shipped']
  const LIVES: [string, Told[], { TEA: number; TIN: number }][] = [
    ['a cancelled order leaves no trace', ['placed', 'cancelled'], { TEA: 0, TIN: 0 }],
    ['a shipped order is gone', sold, { TEA: 3, TIN: 1 }],
    ['what came back is there again', [...sold, 'first part returned'], { TEA: 2, TIN: 1 }],
    [
      'a returned order leaves no trace',
      [...sold, 'first part returned', 'rest returned'],
      { TEA: 0, TIN: 0 },
    ],
  ]

  test.each(LIVES)(
    'in the end %s, whatever order, repetition and coincidence it is told in',
    async (_, life, gone) => {
      let round = 0
      const deliveries = fc
        .shuffledSubarray([...life, ...life, ...life], { minLength: life.length })
        .filter((told) => new Set(told).size === life.length)
      await fc.assert(
        fc.asyncProperty(deliveries, fc.boolean(), async (order, atOnce) => {
          await domain.given((db) => db.query('truncate levels, ledger, reservations, returns'))
          await domain.given(level('TEA', 10), level('TIN', 4))
          const orderId = `o${++round}`

          // As the broker does: what failed is delivered again.
          let waiting = order
          for (let again = 0; waiting.length > 0; again++) {
            expect(again).toBeLessThan(5)
            const failed: Told[] = []
            const deliver = (one: Told) => told[one](orderId).catch(() => void failed.push(one))
            if (atOnce) await Promise.all(waiting.map(deliver))
            else for (const one of waiting) await deliver(one)
            waiting = failed
          }

          expect(await levels()).toEqual([
            { sku: 'TEA', on_hand: 10 - gone.TEA, reserved: 0 },
            { sku: 'TIN', on_hand: 4 - gone.TIN, reserved: 0 },
          ])
          expect(await domain.rows(IMBALANCE)).toEqual([])
        }),
        { numRuns: 15, seed: 7 },
      )
    },
    60_000,
  )
})
