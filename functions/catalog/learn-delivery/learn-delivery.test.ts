import { openDomain } from '#support/domain'
import { learnDelivery } from './handler'

describe('learn-delivery', () => {
  const domain = openDomain('catalog/learn-delivery')
  const hear = (day: number, ...skus: string[]) =>
    learnDelivery(
      {
        ...{ orderId: `o${day}`, customerId: 'ada', deliveredAt: `2026-03-0${day}T10:00:00.000Z` },
        lines: skus.map((sku) => ({ sku, quantity: 2 })),
      },
      domain.eventDeps(),
    )
  const known = () =>
    domain.rows(
      'select customer_id, sku, extract(day from delivered_at)::int as day from received order by sku',
    )

  test('knows who has received what, also when an item has two lines', async () => {
    await hear(1, 'TIN', 'TEA', 'TIN')

    expect(await known()).toEqual([
      { customer_id: 'ada', sku: 'TEA', day: 1 },
      { customer_id: 'ada', sku: 'TIN', day: 1 },
    ])
  })

  test('ends in the same copy however deliveries are repeated, reordered and mixed', async () => {
    await Promise.all(
      [3, 1, 2, 1, 3].map((day) => (day === 2 ? hear(day, 'TEA', 'TIN') : hear(day, 'TIN', 'TEA'))),
    )

    expect(await known()).toEqual([
      { customer_id: 'ada', sku: 'TEA', day: 1 },
      { customer_id: 'ada', sku: 'TIN', day: 1 },
    ])
  })
})
