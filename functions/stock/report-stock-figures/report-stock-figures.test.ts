import { openDomain } from '#support/domain'
import { level, orderPlaced, orderReturned, orderShipped, reserved } from '#support/stock'
import { handOverStock } from '../hand-over-stock/handler'
import { reserveStock } from '../reserve-stock/handler'
import { takeBackStock } from '../take-back-stock/handler'
import { reportOrders, reportViolations } from './handler'
import type { ReportStockFigures } from './input'

describe('report-stock-figures', () => {
  const domain = openDomain('stock/report-stock-figures')
  const operation = { emits: ['stock/stock-level-changed.v1', 'stock/stock-reserved.v1'] }
  const orders = async (input: ReportStockFigures = {}) => (await reportOrders(input, domain.deps())).body!
  const violations = async () => (await reportViolations(domain.deps())).body!.violations

  beforeAll(() => void Object.assign(domain.operation, operation))

  test('finds nothing wrong with what the functions of stock do', async () => {
    await domain.given(level('TEA', 10), level('TIN', 5))
    await reserveStock(orderPlaced('o1', { TEA: 2, TIN: 1 }), domain.eventDeps())
    await reserveStock(orderPlaced('o2', { TEA: 3 }), domain.eventDeps())
    await handOverStock(orderShipped('o1', { TEA: 2, TIN: 1 }), domain.eventDeps())
    await takeBackStock(orderReturned('r1', 'o1', { TEA: 1 }), domain.eventDeps())

    expect(await violations()).toEqual([])
    expect(await orders()).toEqual({
      items: [
        {
          ...{ orderId: 'o1', state: 'handed-over', settled: false, returned: [{ sku: 'TEA', quantity: 1 }] },
          lines: [
            { sku: 'TEA', quantity: 2 },
            { sku: 'TIN', quantity: 1 },
          ],
        },
        {
          ...{ orderId: 'o2', state: 'reserved', settled: false, returned: [] },
          lines: [{ sku: 'TEA', quantity: 3 }],
        },
      ],
      complete: true,
    })
  })

  test('tells which level is not the sum of its movements, by the difference', async () => {
    await domain.given(level('TEA', 10), level('TIN', 5))
    await domain.rows(`update levels set on_hand = 12 where sku = 'TEA'`)
    await domain.rows(`delete from ledger where sku = 'TIN'`)
    await domain.rows(
      `insert into ledger (sku, delta_on_hand, delta_reserved, kind, at) values ('GONE', 4, 0, 'received', now())`,
    )

    const expected = 'a level that is the sum of its movements'
    expect(await violations()).toEqual([
      { invariant: 'stock-of-item', about: 'GONE', expected, actual: '4 too few on hand, right reserved' },
      { invariant: 'stock-of-item', about: 'TEA', expected, actual: '2 too many on hand, right reserved' },
      { invariant: 'stock-of-item', about: 'TIN', expected, actual: '5 too many on hand, right reserved' },
    ])
  })

  test('tells which level promises something else than what is set aside', async () => {
    await domain.given(
      level('TEA', 10, 4),
      reserved('o1', { TEA: 3 }),
      reserved('o2', { TEA: 5 }, 'released'),
    )

    expect(await violations()).toEqual([
      {
        ...{ invariant: 'promises-of-item', about: 'TEA' },
        expected: 'promised is what is set aside for orders',
        actual: '1 too many promised',
      },
    ])
  })

  test('tells of the orders of a range, one by one, and of a return without its order', async () => {
    await domain.given(...['o1', 'o2', 'o3'].map((id) => reserved(id, { TEA: 1 })))
    await domain.rows(`insert into returns values ('r1', 'o4', '[{"sku":"TEA","quantity":2}]', now())`)
    const some = async (input: ReportStockFigures) =>
      (await orders(input)).items.map(({ orderId, state, returned }) => [orderId, state, returned])

    expect(await some({ after: 'o1', until: 'o3' })).toEqual([
      ['o2', 'reserved', []],
      ['o3', 'reserved', []],
    ])
    expect(await some({ after: 'o3' })).toEqual([['o4', undefined, [{ sku: 'TEA', quantity: 2 }]]])
  })

  test('calls unsettled what changed lately', async () => {
    await domain.given(reserved('o1', { TEA: 1 }), reserved('o2', { TEA: 1 }))
    await domain.rows(`update reservations set at = '2026-03-01T09:00:00Z' where order_id = 'o1'`)
    await domain.rows(`update reservations set at = '2026-03-01T09:58:00Z' where order_id = 'o2'`)

    const { items } = await orders({ settledBefore: '2026-03-01T09:55:00Z' })

    expect(items.map(({ settled }) => settled)).toEqual([true, false])
  })
})
