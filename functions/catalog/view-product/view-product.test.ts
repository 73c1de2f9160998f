import { product } from '#support/catalog'
import { openDomain } from '#support/domain'
import { viewProduct } from './handler'

describe('view-product', () => {
  const domain = openDomain('catalog/view-product')
  const view = (sku: string) => viewProduct({ sku }, domain.deps())

  test('shows what it costs today, what it costs without a discount, and how many there are', async () => {
    const told = { name: 'Green tea', description: 'From Uji.', category: 'Tea', price: 400, listPrice: 450 }
    await domain.given(product('TEA', { ...told, available: 7 }), product('TIN', { available: 1 }))

    expect(await view('TEA')).toEqual({
      status: 200,
      headers: {},
      body: { sku: 'TEA', ...told, currency: 'EUR', available: 7 },
    })
  })

  test('shows that there is none while stock has said nothing', async () => {
    await domain.given(product('TEA'))

    expect((await view('TEA')).body).toMatchObject({ available: 0 })
  })

  test.each([
    ['a product that never was', 'GHOST'],
    ['a retired product', 'OLD'],
    ['a SKU in another case', 'tea'],
    ['what stock has but nobody sells', 'BARE'],
  ])('shows nothing of %s', async (_, sku) => {
    await domain.given(product('TEA'), product('OLD', { retired: true, available: 3 }), (db) =>
      db.query(`insert into availability (sku, available, version) values ('BARE', 7, 1)`),
    )

    await expect(view(sku)).rejects.toMatchObject({ kind: 'unknown-product', status: 404 })
  })
})
