import { product } from '#support/catalog'
import { openDomain } from '#support/domain'
import { listReviews } from './handler'
import type { ListReviews } from './input'

interface Page {
  items: { reviewId: string; rating: number; text?: string; reviewedAt: string }[]
  total: number
}

describe('list-reviews', () => {
  const domain = openDomain('catalog/list-reviews')
  const list = (input: Partial<ListReviews> = {}) => listReviews({ sku: 'TEA', ...input }, domain.deps())
  const reviews = (sku: string, count: number) => async () => {
    await domain.rows(
      `insert into reviews (id, sku, customer_id, rating, text, reviewed_at)
       select gen_random_uuid(), $1, 'customer-' || n, 1 + n % 5, case when n % 2 = 0 then 'Text ' || n end,
              timestamptz '2026-03-01T10:00:00Z' + n / 10 * interval '1 hour'
         from generate_series(1, $2) as n`,
      [sku, count],
    )
    await domain.rows(
      `update products set rating_count = $2,
              rating_sum = (select sum(rating) from reviews where reviews.sku = $1) where sku = $1`,
      [sku, count],
    )
  }

  beforeEach(() => domain.given(product('TEA'), product('TIN'), product('OLD', { retired: true })))

  test('lists what was said, newest first, and not who said it', async () => {
    await domain.given(reviews('TEA', 12), reviews('TIN', 3))

    const { body, headers } = await list()

    const { items, total } = body as Page
    expect(total).toBe(12)
    expect(items.slice(0, 3).map(({ reviewedAt }) => reviewedAt)).toEqual(
      Array(3).fill('2026-03-01T11:00:00.000Z'),
    )
    for (const item of items) {
      expect(Object.keys(item)).toEqual([
        'reviewId',
        'rating',
        ...(item.text === undefined ? [] : ['text']),
        'reviewedAt',
      ])
    }
    expect(headers!['Link']).toContain('</v1/products/TEA/reviews?page=1&pageSize=20>; rel="first"')
  })

  test('gives each on one page only, of many at one moment too', async () => {
    await domain.given(reviews('TEA', 25))

    const pages = await Promise.all([1, 2, 3, 4].map((page) => list({ page, pageSize: 10 })))

    const found = pages.map(({ body }) => (body as Page).items.map(({ reviewId }) => reviewId))
    expect(found.map(({ length }) => length)).toEqual([10, 10, 5, 0])
    expect(new Set(found.flat()).size).toBe(25)
    expect(pages.map(({ body }) => (body as Page).total)).toEqual([25, 25, 25, 25])
  })

  test('lists nothing while nobody has said anything', async () => {
    expect((await list()).body).toEqual({ items: [], page: 1, pageSize: 20, total: 0 })
  })

  test.each(['GHOST', 'OLD'])('refuses %s, which is not on sale', async (sku) => {
    await expect(list({ sku })).rejects.toMatchObject({ kind: 'unknown-product', status: 404 })
  })
})
