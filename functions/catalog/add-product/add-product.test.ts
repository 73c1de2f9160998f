import { ProductAdded } from '#events/catalog/product-added.v1/event'
import { product, shelf } from '#support/catalog'
import { parse } from '#runtime/parse'
import { openDomain } from '#support/domain'
import { addProduct } from './handler'
import { AddProduct } from './input'

/** A request to sell something: `selling('TEA', { price: 450 })`. */
const selling = (sku: string, over: Partial<AddProduct> = {}): AddProduct => ({
  ...{ sku, name: 'Green tea', description: 'From Uji.', category: 'Tea', price: 450, currency: 'EUR' },
  ...over,
})

describe('add-product', () => {
  const domain = openDomain('catalog/add-product')
  const add = (sku: string, over: Partial<AddProduct> = {}) => addProduct(selling(sku, over), domain.deps())
  const categories = () => domain.rows('select slug, name from categories order by slug')
  const homes = () => domain.rows('select sku, category, category_slug from products order by sku')

  test('puts the product on sale at its list price and announces it', async () => {
    const reply = await add('TEA')

    expect(reply).toEqual({
      status: 201,
      headers: { Location: '/v1/products/TEA' },
      body: { ...selling('TEA'), listPrice: 450, available: 0 },
    })
    expect(await domain.emitted()).toEqual([
      [ProductAdded.type, { ...selling('TEA'), version: 1, addedAt: '2026-03-01T10:00:00.000Z' }],
    ])
  })

  test('says what stock told of the product before it was added', async () => {
    await domain.given((db) =>
      db.query(`insert into availability (sku, available, version) values ('TEA', 7, 3)`),
    )

    expect((await add('TEA')).body).toMatchObject({ available: 7 })
  })

  test.each([false, true])(
    'refuses a SKU that is taken (retired: %s) and leaves no trace',
    async (retired) => {
      await domain.given(product('TEA', { name: 'First', category: 'Old', retired }))

      await expect(add('TEA', { category: 'New' })).rejects.toMatchObject({ kind: 'sku-taken' })

      expect(await domain.rows('select name from products')).toEqual([{ name: 'First' }])
      expect(await categories()).toEqual([{ slug: 'old', name: 'Old' }])
      expect(await domain.emitted()).toEqual([])
    },
  )

  test('adds one product and announces it once when 20 add the same SKU at the same time', async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, turn) => add('TEA', { name: `Tea number ${turn}`, price: turn })),
    )

    const refused = tries
      .filter((attempt) => attempt.status === 'rejected')
      .map(({ reason }) => reason as unknown)
    expect(refused).toEqual(
      Array.from({ length: 19 }, () => expect.objectContaining({ kind: 'sku-taken' }) as object),
    )
    const products = await domain.rows<{ name: string; price: number }>('select name, price from products')
    expect(products).toHaveLength(1)
    expect(await domain.emitted()).toEqual([[ProductAdded.type, expect.objectContaining(products[0]!)]])
  })

  test('makes a category that nobody added, once for all who name it in whatever case', async () => {
    const names = ['Fine Tea', 'fine tea', 'FINE TEA', 'Fine-Tea']

    await Promise.all(
      Array.from({ length: 20 }, (_, turn) => add(`TEA-${turn}`, { category: names[turn % 4]! })),
    )

    expect(await categories()).toEqual([
      { slug: 'fine-tea', name: expect.stringMatching(/^fine.tea$/i) as string },
    ])
    expect(await domain.rows('select count(*) from products group by category_slug')).toEqual([{ count: 20 }])
  })

  test('puts products of categories whose slugs would clash into one category', async () => {
    await add('A', { category: 'Thé & Co' })
    await add('B', { category: 'the co.' })

    expect(await categories()).toEqual([{ slug: 'the-co', name: 'Thé & Co' }])
    expect(await homes()).toEqual([
      { sku: 'A', category: 'Thé & Co', category_slug: 'the-co' },
      { sku: 'B', category: 'the co.', category_slug: 'the-co' },
    ])
  })

  test('takes a category by its name before one by its slug', async () => {
    await domain.given(shelf('Hot drinks', { slug: 'tea' }), shelf('Tea', { slug: 'tea-leaves' }))

    await add('LEAF', { category: 'TEA' })
    await add('POT', { category: 'hot drinks' })

    expect(await homes()).toMatchObject([{ category_slug: 'tea-leaves' }, { category_slug: 'tea' }])
  })

  test('tells categories of signs only apart', async () => {
    await add('A', { category: '&&&' })
    await add('B', { category: '🍵' })

    expect(await categories()).toEqual([
      { slug: '&&&', name: '&&&' },
      { slug: '🍵', name: '🍵' },
    ])
  })

  test.each([
    ['the longest description', { description: 'ünïcode "words" & \\ signs: '.repeat(200).slice(0, 5000) }],
    ['5000 letters without a gap', { description: 'x'.repeat(5000) }],
    ['a name of ligatures', { name: 'ﷺ'.repeat(200), category: 'ﷺ'.repeat(100) }],
    ['a name of emoji', { name: '🍵🫖'.repeat(50) }],
    ['a description that is null', { description: null as unknown as string }],
    ['the language of queries', { name: `'); drop table products; -- & | ! <-> :*` }],
  ])('takes %s', async (_, over) => {
    expect(await add('ODD', over)).toMatchObject({ status: 201 })
  })

  test.each(['ZZZ', 'ABC', 'eur', 'EURO', ''])('refuses %j, which is no currency of ISO 4217', (currency) => {
    const product = { sku: 'ODD', name: 'Odd', category: 'Odd', price: 1, currency }

    expect(() => parse(AddProduct, product, 'strict')).toThrow('invalid-request')
    expect(() => parse(AddProduct, { ...product, currency: 'JPY' }, 'strict')).not.toThrow()
  })
})
