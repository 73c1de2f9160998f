import { product } from '#support/catalog'
import { openDomain } from '#support/domain'
import { searchProducts } from './handler'
import type { SearchProducts } from './input'

interface Found {
  items: { sku: string; available: number }[]
  total: number
}

describe('search-products', () => {
  const domain = openDomain('catalog/search-products')
  const search = (input: SearchProducts) => searchProducts(input, domain.deps({ caller: { kind: 'anyone' } }))
  const found = async (input: SearchProducts) =>
    ((await search(input)).body as Found).items.map(({ sku }) => sku)

  beforeEach(async () => {
    await domain.given(
      product('GREY', {
        name: 'Earl Grey',
        description: 'With bergamot',
        category: 'Tea',
        available: 7,
        price: 450,
        addedAt: '2026-01-01T00:00:00Z',
      }),
      product('DARJ', {
        name: 'Darjeeling First Flush',
        category: 'Tea',
        price: 1200,
        addedAt: '2026-01-02T00:00:00Z',
      }),
      product('POT-1', {
        name: 'Porcelain teapot',
        category: 'Teaware',
        price: 3900,
        addedAt: '2026-01-03T00:00:00Z',
      }),
      product('CUP-1', {
        name: 'Café cups',
        category: 'Teaware',
        description: 'For tea',
        price: 900,
        addedAt: '2026-01-04T00:00:00Z',
      }),
      product('OLD', { name: 'Earl Grey of old', category: 'Tea', retired: true }),
    )
    await domain.given((db) => db.query(`update categories set parent = 'tea' where slug = 'teaware'`))
  })

  test.each([
    ['a word of the name', 'grey', ['GREY']],
    ['several words, in any order and case', 'GREY earl', ['GREY']],
    ['a word of the description', 'bergamot', ['GREY']],
    ['another form of a word', 'cup', ['CUP-1']],
    ['a word without its accent', 'cafe', ['CUP-1']],
    ['the beginning of a word', 'porce', ['POT-1']],
    ['the beginning of a word that has a stem', 'darjeelin', ['DARJ']],
    ['a SKU', 'pot-1', ['POT-1']],
    ['words of which one says nothing', 'the teapot', ['POT-1']],
    ['a letter missing', 'darjeling', ['DARJ']],
    ['a letter wrong in a short word', 'earl gray', ['GREY']],
    ['two letters swapped', 'teapto', ['POT-1']],
    ['a letter too many', 'bergamott', ['GREY']],
    ['several slips', 'dargeelinge', ['DARJ']],
    ['words that are not all there', 'earl teapot', []],
    ['nothing but signs', '?!', []],
    ['what means something to a database', `' | & ! ( :* \\ -- "`, []],
  ])('finds by %s', async (_, q, expected) => {
    expect(await found({ q })).toEqual(expected)
  })

  test('ranks the name above the category and the description, and words as written above longer ones', async () => {
    await domain.given(product('TEA', { name: 'Plain tea', category: 'Bags' }))

    const [first, ...others] = await found({ q: 'tea' })

    expect(first).toBe('TEA')
    expect(others.at(-1)).toBe('CUP-1')
    expect(others.sort()).toEqual(['CUP-1', 'DARJ', 'GREY', 'POT-1'])
  })

  test.each([
    [{}, ['CUP-1', 'DARJ', 'GREY', 'POT-1']],
    [{ sort: 'relevance' }, ['CUP-1', 'DARJ', 'GREY', 'POT-1']],
    [{ sort: 'price' }, ['GREY', 'CUP-1', 'DARJ', 'POT-1']],
    [{ sort: '-price' }, ['POT-1', 'DARJ', 'CUP-1', 'GREY']],
    [{ sort: 'newest' }, ['CUP-1', 'POT-1', 'DARJ', 'GREY']],
    [{ q: 'tea', sort: '-price' }, ['POT-1', 'DARJ', 'CUP-1', 'GREY']],
    [{ minPrice: 900, maxPrice: 1200 }, ['CUP-1', 'DARJ']],
    [{ minPrice: 1200, maxPrice: 900 }, []],
    [{ category: 'Teaware' }, ['CUP-1', 'POT-1']],
    [{ category: 'TEA' }, ['CUP-1', 'DARJ', 'GREY', 'POT-1']],
    [{ category: 'teaware', q: 'porcelain' }, ['POT-1']],
    [{ category: 'coffee' }, []],
    [{ q: ' ', category: '' }, ['CUP-1', 'DARJ', 'GREY', 'POT-1']],
  ] as [SearchProducts, string[]][])('answers %j with %j', async (input, expected) => {
    expect(await found(input)).toEqual(expected)
  })

  test('shows a product whole and says how many there are in all', async () => {
    const reply = await search({ q: 'bergamot' })

    const { items, total } = reply.body as Found
    expect(total).toBe(1)
    expect(items).toEqual([
      {
        ...{ sku: 'GREY', name: 'Earl Grey', description: 'With bergamot', category: 'Tea' },
        ...{ price: 450, listPrice: 450, currency: 'EUR', available: 7 },
      },
    ])
    expect(reply.headers!['Link']).toContain('</v1/products?q=bergamot&page=1&pageSize=20>; rel="first"')
  })

  test('gives every one of many equal products on one page only', async () => {
    for (let n = 0; n < 25; n++) await domain.given(product(`SAME-${n}`, { name: 'Oolong', price: 1 }))

    for (const sort of ['relevance', 'name', 'price', '-price', 'newest'] as const) {
      const pages = [1, 2, 3, 4].map((page) => found({ q: 'oolong', sort, page, pageSize: 10 }))
      const lengths = (await Promise.all(pages)).map(({ length }) => length)
      expect(lengths).toEqual([10, 10, 5, 0])
      expect(new Set((await Promise.all(pages)).flat()).size).toBe(25)
    }
    expect((await search({ q: 'oolong', page: 9 })).body).toMatchObject({ items: [], total: 25 })
  })
})
