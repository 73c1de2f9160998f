import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import { openDomain } from '#support/domain'
import { serve, tokens } from '#support/door'
import { MIXED, paid, placed } from '#support/orders'
import reportSalesFunction, { reportSales } from './handler'

const TEA = { sku: 'TEA', name: 'Tea', quantity: 2, unitPrice: 450 }

describe('report-sales', () => {
  const domain = openDomain('orders/report-sales')
  const report = async (input: Parameters<typeof reportSales>[0] = {}) =>
    (await reportSales(input, domain.deps({ caller: { role: 'staff' } }))).body!
  const refund =
    (
      orderId: string,
      key: string,
      lines: object[],
      amount: number,
      { done = true, chargeId = 'ch_1' } = {},
    ) =>
    (db: { query: (text: string, values: unknown[]) => Promise<unknown> }) =>
      db.query(
        `insert into refunds (order_id, refund_key, charge_id, amount, currency, lines, due_at, refunded_at)
         values ($1, $2, $3, $4, 'EUR', $5, now(), case when $6 then now() end)`,
        [orderId, key, chargeId, amount, JSON.stringify(lines), done],
      )

  beforeEach(() =>
    domain.given(
      paid('o1', 'delivered', { lines: MIXED, at: '2026-03-01T23:59:59Z' }),
      paid('o2', 'cancelled', { at: '2026-03-02T00:00:00Z' }),
      paid('o3', 'confirmed', {
        at: '2026-03-02T12:00:00Z',
        lines: [TEA, { ...TEA, sku: 'MUG', quantity: 1 }],
      }),
      paid('o4', 'shipped', { at: '2026-03-02T12:00:00Z', currency: 'JPY' }),
      placed('o5', { status: 'awaiting-payment', at: '2026-03-02T12:00:00Z' }),
      placed('o6', { status: 'cancelled', at: '2026-03-02T12:00:00Z' }),
      refund('o1', 'return/1', [{ sku: 'TEA', quantity: 2, unitPrice: 199 }], 398),
      refund('o1', 'return/2', [{ sku: 'TEA', quantity: 1, unitPrice: 199 }], 199),
      refund('o1', 'return/3', [{ sku: 'TIN', quantity: 1, unitPrice: 1200 }], 1200, { done: false }),
      refund('o2', 'cancellation', [TEA], 900),
      refund('o3', 'late/ch_9', [], 1350, { chargeId: 'ch_9' }),
    ),
  )

  test('sums up by day what was paid, what of it has gone back, and what remains', async () => {
    expect(await report()).toEqual({
      by: 'day',
      items: [
        { key: '2026-03-01', currency: 'EUR', orders: 1, quantity: 9, gross: 2198, refunded: 597, net: 1601 },
        { key: '2026-03-02', currency: 'EUR', orders: 2, quantity: 5, gross: 2250, refunded: 900, net: 1350 },
        { key: '2026-03-02', currency: 'JPY', orders: 1, quantity: 2, gross: 900, refunded: 0, net: 900 },
      ],
      totals: [
        { currency: 'EUR', orders: 3, quantity: 14, gross: 4448, refunded: 1497, net: 2951 },
        { currency: 'JPY', orders: 1, quantity: 2, gross: 900, refunded: 0, net: 900 },
      ],
    })
  })

  test('sums up by product and by status, to the same totals', async () => {
    const [byDay, byProduct, byStatus] = [
      await report(),
      await report({ by: 'product' }),
      await report({ by: 'status' }),
    ]

    expect(byProduct.items).toEqual([
      { key: 'MUG', currency: 'EUR', orders: 1, quantity: 1, gross: 450, refunded: 0, net: 450 },
      { key: 'SPOON', currency: 'EUR', orders: 1, quantity: 3, gross: 3, refunded: 0, net: 3 },
      { key: 'TEA', currency: 'EUR', orders: 3, quantity: 9, gross: 2795, refunded: 1497, net: 1298 },
      { key: 'TEA', currency: 'JPY', orders: 1, quantity: 2, gross: 900, refunded: 0, net: 900 },
      { key: 'TIN', currency: 'EUR', orders: 1, quantity: 1, gross: 1200, refunded: 0, net: 1200 },
    ])
    expect(byStatus.items.map(({ key, net }) => [key, net])).toEqual([
      ['cancelled', 0],
      ['confirmed', 1350],
      ['delivered', 1601],
      ['shipped', 900],
    ])
    expect([byProduct.totals, byStatus.totals]).toEqual([byDay.totals, byDay.totals])
  })

  test('counts orders placed from a moment on and before another', async () => {
    const day = await report({ from: '2026-03-02', until: '2026-03-02T12:00:00Z', by: 'status' })

    expect(day).toMatchObject({ from: '2026-03-02', until: '2026-03-02T12:00:00Z' })
    expect(day.items.map(({ key, gross }) => [key, gross])).toEqual([['cancelled', 900]])
    expect(await report({ from: '2027-01-01' })).toMatchObject({ items: [], totals: [] })
  })

  test('at its door: for staff only, by what it knows, between moments that are some', async () => {
    const keys = await tokens()
    const env = { ...keys.env, DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' }
    const { url, close } = await serve(
      reportSalesFunction(domain.operation, { callers: openCallers, database: openDatabase }, env),
    )
    const ask = async (query: string, role?: 'customer' | 'staff') => {
      const headers = role ? { authorization: await keys.bearer('ada', role) } : undefined
      return (await fetch(`${url}/v1/reports/sales${query}`, headers && { headers })).status
    }

    expect([await ask(''), await ask('', 'customer')]).toEqual([401, 403])
    for (const query of [
      '?by=moon',
      '?from=yesterday',
      '?until=2026-02-30',
      '?from=2026-03-01&from=2026-03-02',
    ]) {
      expect([query, await ask(query, 'staff')]).toEqual([query, 422])
    }
    await close()
  })
})
