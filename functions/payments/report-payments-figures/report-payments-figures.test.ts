import { openDomain } from '#support/domain'
import { captured } from '#support/figures'
import { reportPaymentsFigures } from './handler'

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
})
