import { openDatabase, type Connections } from '#runtime/database'
import { openDomain, urlOf } from '#support/domain'
import { serve } from '#support/door'
import { MIXED, paid, placed } from '#support/orders'
import deployable, { reportOrders, reportViolations } from './handler'
import type { ReportOrdersFigures } from './input'

describe('report-orders-figures', () => {
  const domain = openDomain('orders/report-orders-figures')
  const orders = async (input: ReportOrdersFigures = {}) => (await reportOrders(input, domain.deps())).body!
  const violations = async () => (await reportViolations(domain.deps())).body!.violations
  const refund =
    (orderId: string, key: string, amount: number, over: { charge?: string; back?: string | null } = {}) =>
    (db: Connections) => {
      const { charge = 'ch_1', back = '2026-03-01T09:30:00Z' } = over
      return db.query(
        `insert into refunds (order_id, refund_key, charge_id, amount, currency, due_at, refunded_at)
         values ($1, $2, $3, $4, 'EUR', '2026-03-01T09:00:00Z', $5)`,
        [orderId, key, charge, amount, back],
      )
    }

  test('tells of each order what it has of the stock and of the money', async () => {
    const lines = MIXED.map((line) => (line.sku === 'TEA' ? { ...line, returned: 2 } : line))
    await domain.given(
      placed('o1', { status: 'awaiting-payment' }),
      paid('o2', 'delivered', { lines: [...lines, { sku: 'TIN', name: 'Tin', quantity: 2, unitPrice: 0 }] }),
      refund('o2', 'return/1', 398),
      refund('o2', 'late/ch_2', 500, { charge: 'ch_2' }),
    )

    expect(await orders()).toEqual({
      items: [
        {
          ...{ orderId: 'o1', status: 'awaiting-payment', currency: 'EUR', paid: false, kept: 0 },
          ...{ lines: [{ sku: 'TEA', quantity: 2 }], returned: [], settled: true },
        },
        {
          ...{ orderId: 'o2', status: 'delivered', currency: 'EUR', paid: true },
          kept: 3 + 5 * 199 + 1200 - 398,
          lines: [
            { sku: 'SPOON', quantity: 3 },
            { sku: 'TEA', quantity: 5 },
            { sku: 'TIN', quantity: 3 },
          ],
          ...{ returned: [{ sku: 'TEA', quantity: 2 }], settled: true },
        },
      ],
      last: true,
    })
  })

  test('turns pages by the orders’ ids, each order once', async () => {
    await domain.given(...['o3', 'o1', 'o2'].map((id) => placed(id)))

    const first = await orders({ limit: 2 })
    const second = await orders({ limit: 2, after: 'o2' })

    expect([first, second].map(({ items, last }) => [items.map(({ orderId }) => orderId), last])).toEqual([
      [['o1', 'o2'], false],
      [['o3'], true],
    ])
  })

  test('calls unsettled what changed lately, and what money is on its way for', async () => {
    await domain.given(
      placed('new', { at: '2026-03-01T09:56:00Z' }),
      paid('old', 'cancelled'),
      paid('owed', 'cancelled'),
      refund('owed', 'cancellation', 900, { back: null }),
    )

    const { items } = await orders({ settledBefore: '2026-03-01T09:55:00Z' })

    expect(items.map(({ orderId, settled }) => [orderId, settled])).toEqual([
      ['new', false],
      ['old', true],
      ['owed', false],
    ])
  })

  test('tells which orders get nowhere: not decided for long, or unpaid beyond their deadline', async () => {
    await domain.given(
      placed('fresh', { at: '2026-03-01T09:50:00Z' }),
      placed('lost', { at: '2026-03-01T09:40:00Z' }),
      placed('waits', { status: 'awaiting-payment', acceptedAt: '2026-02-28T10:30:00Z' }),
      placed('expired', { status: 'awaiting-payment', acceptedAt: '2026-02-28T09:30:00Z' }),
      paid('paid', 'confirmed', { at: '2026-01-01T00:00:00Z' }),
    )

    expect(await violations()).toEqual([
      {
        ...{ invariant: 'order-gets-on', about: 'expired' },
        expected: 'an order that is at an end, or waits for somebody',
        actual: 'awaiting-payment since 2026-02-28T09:30:00.000Z',
      },
      expect.objectContaining({ about: 'lost', actual: 'pending since 2026-03-01T09:40:00.000Z' }),
    ])
  })

  test('tells which money should have gone back long ago', async () => {
    await domain.given(
      paid('o1', 'cancelled'),
      refund('o1', 'a', 300, { back: null }),
      refund('o1', 'b', 600),
    )
    expect(await violations()).toEqual([])

    domain.at('2026-03-01T12:00:01.000Z')

    expect(await violations()).toEqual([
      {
        ...{
          invariant: 'refund-goes-back',
          about: 'o1',
          expected: 'money that is due goes back within 3 hours',
        },
        actual: '300 EUR (minor units) due since 2026-03-01T09:00:00.000Z',
      },
    ])
  })

  test('at its door: what is wrong by one route, orders by the other, before a moment with its time zone', async () => {
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const env = { DATABASE_URL: urlOf(row!.name) }
    const { url, close } = await serve(deployable(domain.operation, { database: openDatabase }, env))
    const ask = async (path: string) => {
      const response = await fetch(`${url}${path}`)
      return [response.status, (await response.json()) as object] as const
    }
    const before = (moment: string) => ask(`/v1/figures/orders?settledBefore=${moment}`)

    expect(await ask('/v1/figures')).toEqual([200, { violations: [] }])
    expect(await before('2026-03-01T09:55:00Z')).toEqual([200, { items: [], last: true }])
    for (const loose of ['2026-W10', '2026-060', '20260301T095500Z', '2026-03-01', '2026-03-01T09:55:00']) {
      expect([loose, (await before(loose))[0]]).toEqual([loose, 422])
    }
    await close()
  })
})
