import { openDatabase } from '#runtime/database'
import { openDomain, urlOf } from '#support/domain'
import { serve } from '#support/door'
import { captured } from '#support/figures'
import deployable, { reportPaymentsFigures } from './handler'

describe('report-payments-figures', () => {
  const domain = openDomain('payments/report-payments-figures')
  const figures = async (input: Parameters<typeof reportPaymentsFigures>[0] = {}) =>
    (await reportPaymentsFigures(input, domain.deps())).body!

  test('tells what was taken and what went back, in all and one by one', async () => {
    await domain.given(captured('o1', 900), captured('o2', 500, 120))
    await domain.rows(`update payments set captured = 1000 where order_id = 'o1'`)

    expect(await figures()).toEqual({
      items: [
        {
          ...{ orderId: 'o1', currency: 'EUR', settled: true },
          ...{ captured: 1000, refunded: 0, captures: 900, refunds: 0 },
        },
        {
          ...{ orderId: 'o2', currency: 'EUR', settled: true },
          ...{ captured: 500, refunded: 120, captures: 500, refunds: 120 },
        },
      ],
      complete: true,
    })
  })

  test('tells of the orders of a range, and which of them changed lately', async () => {
    const minutes = ['51', '52', '53']
    await domain.given(...minutes.map((at) => captured(`o${at[1]}`, 1, 0, `2026-03-01T09:${at}:00Z`)))

    const { items } = await figures({ after: 'o1', until: 'o3', settledBefore: '2026-03-01T09:53:00Z' })

    expect(items.map(({ orderId, settled }) => [orderId, settled])).toEqual([
      ['o2', true],
      ['o3', false],
    ])
  })

  test('at its door: before a moment with its time zone', async () => {
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const env = { DATABASE_URL: urlOf(row!.name) }
    const { url, close } = await serve(deployable(domain.operation, { database: openDatabase }, env))
    const before = async (moment: string) =>
      (await fetch(`${url}/v1/figures/orders?settledBefore=${moment}`)).status

    expect(await before('2026-03-01T09:55:00Z')).toBe(200)
    for (const loose of ['2026-W10', '2026-060', '20260301T095500Z', '2026-03-01', '2026-03-01T09:55:00']) {
      expect([loose, await before(loose)]).toEqual([loose, 422])
    }
    await close()
  })
})
