import { place, product, searchPlaces, silentCache } from '#support/catalog'
import { openDomain } from '#support/domain'
import { searchProducts } from './handler'
import type { SearchProducts } from './input'

interface Found {
  items: { sku: string; available: number }[]
  total: number
}

describe('search-products', () => {
  const domain = openDomain('catalog/search-products')
  const search = (input: SearchProducts, places = searchPlaces()) =>
    searchProducts(input, { ...domain.deps({ caller: { kind: 'anyone' } }), places })
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

  describe('when very many fit', () => {
    const many = (name: string, count: number) => (db: Parameters<ReturnType<typeof product>>[0]) =>
      db.query(
        `insert into products (sku, name, description, category, category_slug, list_price, price, currency, added_at)
         select 'MANY-' || n, $1 || ' ' || n, '', 'Tea', 'tea', n, n, 'EUR', now() from generate_series(1, $2) as n`,
        [name, count],
      )

    test('counts them all, and shows each once on pages of any depth and order', async () => {
      await domain.given(many('Oolong', 5_100))

      for (const sort of ['relevance', 'price', '-price', 'newest', 'name'] as const) {
        const pages = await Promise.all(
          [1, 2, 51, 52].map((page) => search({ q: 'oolong', sort, page, pageSize: 100 })),
        )
        expect(pages.map(({ body }) => (body as Found).items.length)).toEqual([100, 100, 100, 0])
        expect(new Set(pages.flatMap(({ body }) => (body as Found).items.map(({ sku }) => sku))).size).toBe(
          300,
        )
        expect(pages.map(({ body }) => (body as Found).total)).toEqual([5_100, 5_100, 5_100, 5_100])
      }
    })

    test('remembers places for a moment, never what stands there', async () => {
      await domain.given(many('Oolong', 5_001))
      const shared = place()
      const skusOf = async () => ((await search({ q: 'oolong' }, searchPlaces(shared))).body as Found).items
      const [first, second] = await skusOf()

      await domain.given((db) =>
        db
          .query('update products set price = 7 where sku = $1', [second!.sku])
          .then(() => db.query('update products set retired_at = now() where sku = $1', [first!.sku])),
      )

      expect((await skusOf())[0]).toMatchObject({ sku: second!.sku, price: 7 })
    })

    test('remembers nothing of a search that finds fewer', async () => {
      const shared = place()
      await search({ q: 'oolong' }, searchPlaces(shared))

      await domain.given(product('NEW', { name: 'Oolong' }))

      expect((await search({ q: 'oolong' }, searchPlaces(shared))).body).toMatchObject({ total: 1 })
    })
  })

  test('finds without Redis', async () => {
    const { cache, close } = await silentCache()
    try {
      expect((await search({ q: 'bergamot' }, searchPlaces(place(), cache))).body).toMatchObject({ total: 1 })
    } finally {
      close()
    }
  })
})
