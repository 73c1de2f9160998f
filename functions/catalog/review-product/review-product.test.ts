import { ProductReviewed } from '#events/catalog/product-reviewed.v1/event'
import { product, productCache, received } from '#support/catalog'
import { openDomain } from '#support/domain'
import { viewProduct } from '../view-product/handler'
import { reviewProduct } from './handler'
import type { ReviewProduct } from './input'

describe('review-product', () => {
  const domain = openDomain('catalog/review-product')
  const review = (input: Partial<ReviewProduct> = {}, caller = 'ada') =>
    reviewProduct({ sku: 'TEA', rating: 4, ...input }, domain.deps({ caller }))
  const shown = async () =>
    (await viewProduct({ sku: 'TEA' }, { ...domain.deps(), products: productCache() })).body!

  beforeEach(() => domain.given(product('TEA'), product('OLD', { retired: true })))

  test('keeps it, announces it, and shows it in the average', async () => {
    await domain.given(received('ada', 'TEA'), received('bob', 'TEA'))

    const reply = await review({ rating: 4, text: 'Strong.' })
    await review({ rating: 5 }, 'bob')

    const reviewedAt = '2026-03-01T10:00:00.000Z'
    const { reviewId } = reply.body!
    expect(reply).toEqual({
      status: 201,
      headers: { Location: '/v1/products/TEA/reviews' },
      body: { reviewId: expect.any(String) as string, rating: 4, text: 'Strong.', reviewedAt },
    })
    const who = { sku: 'TEA', customerId: 'ada', version: 2, reviewedAt }
    expect((await domain.emitted())[0]).toEqual([
      ProductReviewed.type,
      { reviewId, ...who, rating: 4, text: 'Strong.' },
    ])
    expect(await shown()).toMatchObject({ rating: 4.5, reviews: 2 })
  })

  test.each<[string, Partial<ReviewProduct>, string, number]>([
    ['who has not received it', { sku: 'TEA' }, 'not-received', 403],
    ['a product that never was', { sku: 'GHOST' }, 'unknown-product', 404],
    ['a retired product', { sku: 'OLD' }, 'unknown-product', 404],
  ])('refuses %s and leaves no trace', async (_, input, kind, status) => {
    await domain.given(received('bob', 'TEA'), received('ada', 'OLD', 'GHOST'))

    await expect(review(input)).rejects.toMatchObject({ kind, status })

    expect(await domain.rows('select from reviews')).toEqual([])
    expect(await domain.emitted()).toEqual([])
    expect(await shown()).not.toHaveProperty('rating')
  })

  test('takes one of a customer, when 20 come at the same moment', async () => {
    await domain.given(received('ada', 'TEA'))

    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, turn) => review({ rating: 1 + (turn % 5) })),
    )

    const refused = tries.flatMap((attempt) =>
      attempt.status === 'rejected' ? [attempt.reason as object] : [],
    )
    expect(refused).toEqual(
      Array(19).fill(expect.objectContaining({ kind: 'already-reviewed', status: 409 })),
    )
    const [kept] = await domain.rows<{ rating: number }>('select rating from reviews')
    expect(await shown()).toMatchObject({ rating: kept!.rating, reviews: 1 })
    expect(await domain.emitted()).toHaveLength(1)
  })

  test('counts every one of 20 customers who come at the same moment', async () => {
    const customers = Array.from({ length: 20 }, (_, turn) => `customer-${turn}`)
    for (const customer of customers) await domain.given(received(customer, 'TEA'))

    await Promise.all(customers.map((customer, turn) => review({ rating: 1 + (turn % 2) }, customer)))

    expect(await shown()).toMatchObject({ rating: 1.5, reviews: 20 })
    const versions = (await domain.emitted()).map(([, data]) => (data as ProductReviewed).version)
    expect(versions).toEqual(Array.from({ length: 20 }, (_, turn) => turn + 2))
  })
})
