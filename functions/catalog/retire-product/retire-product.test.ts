import { ProductRetired } from '#events/catalog/product-retired.v1/event'
import { discount, product, productCache, searchPlaces } from '#support/catalog'
import { openDomain } from '#support/domain'
import { searchProducts } from '../search-products/handler'
import { viewProduct } from '../view-product/handler'
import { retireProduct } from './handler'

describe('retire-product', () => {
  const domain = openDomain('catalog/retire-product')
  const retire = (sku = 'TEA', products = productCache()) =>
    retireProduct({ sku }, { ...domain.deps(), products })

  test('takes it off sale and announces that', async () => {
    await domain.given(
      product('TEA'),
      discount('TEA', { amount: 1, from: '2026-03-01', until: '2026-03-02' }),
    )

    expect(await retire()).toEqual({ status: 204 })

    expect(await domain.emitted()).toEqual([
      [ProductRetired.type, { sku: 'TEA', version: 2, retiredAt: '2026-03-01T10:00:00.000Z' }],
    ])
    expect(await domain.rows('select from discounts')).toEqual([])
  })

  test('is shown and found no more, also by who looked before', async () => {
    await domain.given(product('TEA', { name: 'Oolong' }), product('TIN', { name: 'Oolong tin' }))
    const products = productCache()
    const view = () => viewProduct({ sku: 'TEA' }, { ...domain.deps(), products })
    await view()

    await retire('TEA', products)

    await expect(view()).rejects.toMatchObject({ kind: 'unknown-product' })
    const { body } = await searchProducts({ q: 'oolong' }, { ...domain.deps(), places: searchPlaces() })
    expect(body).toMatchObject({ total: 1, items: [{ sku: 'TIN' }] })
  })

  test('is the same request when it comes again, and when 20 come at the same moment', async () => {
    await domain.given(product('TEA'))

    const replies = await Promise.all(Array.from({ length: 20 }, () => retire()))
    const again = await retire()

    expect([...replies, again]).toEqual(Array(21).fill({ status: 204 }))
    expect(await domain.emitted()).toHaveLength(1)
    expect(await domain.rows('select version from products')).toEqual([{ version: 2 }])
  })

  test('refuses what never was', async () => {
    await expect(retire('GHOST')).rejects.toMatchObject({ kind: 'unknown-product', status: 404 })
    expect(await domain.emitted()).toEqual([])
  })
})
