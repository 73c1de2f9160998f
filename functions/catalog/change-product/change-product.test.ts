import { ProductDescribed } from '#events/catalog/product-described.v1/event'
import { product, productCache, searchPlaces, shelf } from '#support/catalog'
import { openDomain } from '#support/domain'
import { searchProducts } from '../search-products/handler'
import { viewProduct } from '../view-product/handler'
import { changeProduct } from './handler'
import type { ChangeProduct } from './input'

describe('change-product', () => {
  const domain = openDomain('catalog/change-product')
  const change = (input: Omit<ChangeProduct, 'sku'>, sku = 'TEA', products = productCache()) =>
    changeProduct({ sku, ...input }, { ...domain.deps(), products })
  const versions = () => domain.rows('select version from products')

  beforeEach(async () => {
    await domain.given(
      product('TEA', {
        name: 'Green tea',
        description: 'From Uji.',
        category: 'Tea',
        price: 450,
        available: 7,
      }),
    )
  })

  test('changes what is said and leaves the rest, price and stock included', async () => {
    const { body } = await change({ name: 'Sencha' })

    const told = { name: 'Sencha', description: 'From Uji.', category: 'Tea' }
    expect(body).toEqual({ sku: 'TEA', ...told, price: 450, listPrice: 450, currency: 'EUR', available: 7 })
    expect(await domain.emitted()).toEqual([
      [ProductDescribed.type, { sku: 'TEA', ...told, version: 2, describedAt: '2026-03-01T10:00:00.000Z' }],
    ])
  })

  test('is found by its new words and in its new category, and by the old ones no more', async () => {
    await change({ name: 'Sencha', description: '', category: 'Green things' })

    const found = async (q: string, category?: string) => {
      const places = searchPlaces()
      const { body } = await searchProducts(
        { q, ...(category && { category }) },
        { ...domain.deps(), places },
      )
      return (body as { total: number }).total
    }
    expect([await found('sencha', 'green-things'), await found('uji'), await found('sencha', 'tea')]).toEqual(
      [1, 0, 0],
    )
  })

  test('puts it into a category that is there, by name or slug', async () => {
    await domain.given(shelf('Hot drinks', { slug: 'hot' }))

    await change({ category: 'HOT DRINKS' })

    expect(await domain.rows('select category, category_slug from products')).toEqual([
      { category: 'HOT DRINKS', category_slug: 'hot' },
    ])
  })

  test.each<[string, object]>([
    ['nothing', {}],
    ['nulls', { name: null, description: null, category: null }],
    ['what is so already', { name: 'Green tea', category: 'Tea' }],
  ])('announces nothing when told %s', async (_, input) => {
    expect(await change(input)).toMatchObject({ status: 200, body: { name: 'Green tea' } })

    expect(await versions()).toEqual([{ version: 1 }])
    expect(await domain.emitted()).toEqual([])
  })

  test.each([
    ['nobody has heard of', 'GHOST'],
    ['is retired', 'OLD'],
  ])('refuses a product that %s and leaves no trace', async (_, sku) => {
    await domain.given(product('OLD', { retired: true }))

    await expect(change({ name: 'New', category: 'Never' }, sku)).rejects.toMatchObject({
      kind: 'unknown-product',
    })

    expect(await domain.rows(`select from categories where slug = 'never'`)).toEqual([])
    expect(await domain.emitted()).toEqual([])
  })

  test('gives every one of 20 changes at the same moment a version of its own', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, turn) => change({ name: `Tea ${turn}` })))

    const told = (await domain.emitted()).map(([, data]) => data as { version: number; name: string })
    expect(told.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, turn) => turn + 2))
    expect(await domain.rows('select name, version from products')).toEqual([
      { name: told.at(-1)!.name, version: 21 },
    ])
  })

  test('is seen at once by who looked before', async () => {
    const products = productCache()
    const look = async () => (await viewProduct({ sku: 'TEA' }, { ...domain.deps(), products })).body!.name
    await look()

    await change({ name: 'Sencha' }, 'TEA', products)

    expect(await look()).toBe('Sencha')
  })
})
