import { StockReleased } from '#events/stock/stock-released.v1/event'
import type { Database } from '#runtime/database'
import { openDomain } from '#support/domain'
import { IMBALANCE, level, orderPlaced } from '#support/stock'
import { reserveStock } from '../reserve-stock/handler'
import { releaseStock } from './handler'

const cancelled = (orderId: string) => ({
  ...{ orderId, customerId: 'ada', reason: 'Changed my mind.' },
  cancelledAt: '2026-03-01T09:30:00.000Z',
})

describe('release-stock', () => {
  const domain = openDomain('stock/release-stock')
  const release = (eventId = 'cancelled') => releaseStock(cancelled('o1'), domain.eventDeps(eventId))
  const held = (db: { query: (text: string, values?: unknown[]) => Promise<unknown> }) =>
    db.query(`insert into reservations (order_id, state, lines, at)
              values ('o1', 'reserved', '[{"sku": "TEA", "quantity": 2}, {"sku": "TIN", "quantity": 1}]', now())`)
  const levels = () => domain.rows('select sku, on_hand, reserved from levels order by sku')

  test('gives back exactly what was set aside, once, however often it is told', async () => {
    await domain.given(level('TEA', 10, 5), level('TIN', 4, 1), held)

    await Promise.all([release('e1'), release('e1'), release('e2'), release('e3')])

    expect(await levels()).toEqual([
      { sku: 'TEA', on_hand: 10, reserved: 3 },
      { sku: 'TIN', on_hand: 4, reserved: 0 },
    ])
    expect((await domain.emitted()).filter(([type]) => type === StockReleased.type)).toHaveLength(1)
    expect(await domain.rows(IMBALANCE)).toEqual([])
  })

  test('leaves a mark when it comes before the order, and frees nothing that was never set aside', async () => {
    await domain.given(level('TEA', 10, 5))

    await release()

    expect(await levels()).toMatchObject([{ reserved: 5 }])
    expect(await domain.emitted()).toEqual([])
    expect(await domain.rows('select order_id, state from reservations')).toEqual([
      { order_id: 'o1', state: 'released' },
    ])
  })

  test('frees nothing of an order there was not enough for', async () => {
    await domain.given(level('TEA', 10, 5), (db) =>
      db.query(`insert into reservations (order_id, state, lines, at)
                values ('o1', 'exhausted', '[{"sku": "TEA", "quantity": 2}]', now())`),
    )

    await release()

    expect(await levels()).toMatchObject([{ reserved: 5 }])
  })

  test('ends free whichever of order and cancellation comes first, also when they come together', async () => {
    for (let round = 0; round < 20; round++) {
      const orderId = `race-${round}`
      await domain.given((db) =>
        db.query(
          `insert into levels (sku, on_hand) values ('TEA', 10) on conflict (sku) do update set on_hand = 10`,
        ),
      )
      const deps = domain.eventDeps(`placed-${round}`)
      const emitting = { ...deps, db: { ...deps.db, once: silently(deps.db) } }

      await Promise.all([
        reserveStock(orderPlaced(orderId, { TEA: 2 }), emitting),
        releaseStock(cancelled(orderId), domain.eventDeps(`cancelled-${round}`)),
      ])

      expect(await levels()).toMatchObject([{ reserved: 0 }])
    }
  })
})

/** Lets another operation's handler run in this one's database, where its own events are not declared. */
const silently =
  (db: Database): Database['once'] =>
  (event, work) =>
    db.once(event, (tx) => work({ ...tx, emit: () => undefined }))
