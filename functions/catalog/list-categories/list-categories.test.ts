import { product, shelf } from '#support/catalog'
import { openDomain } from '#support/domain'
import { listCategories } from './handler'
import type { ListCategories } from './input'

interface Page {
  items: { slug: string; name: string; parent?: string; products: number }[]
  total: number
}

describe('list-categories', () => {
  const domain = openDomain('catalog/list-categories')
  const list = async (input: ListCategories = {}) => (await listCategories(input, domain.deps())).body as Page

  test('lists nothing of an empty catalogue', async () => {
    expect(await list()).toEqual({ items: [], page: 1, pageSize: 100, total: 0 })
  })

  test('lists every category by name, whatever its case and accents', async () => {
    await domain.given(shelf('tins'), shelf('Études'), shelf('Fruit'), shelf('Drinks'))

    expect((await list()).items).toEqual([
      { slug: 'drinks', name: 'Drinks', products: 0 },
      { slug: 'etudes', name: 'Études', products: 0 },
      { slug: 'fruit', name: 'Fruit', products: 0 },
      { slug: 'tins', name: 'tins', products: 0 },
    ])
  })

  test('counts what is on sale in a category and below it, and nothing that is retired', async () => {
    await domain.given(shelf('Drinks'), shelf('Tea', { parent: 'Drinks' }), shelf('Green', { parent: 'Tea' }))
    await domain.given(product('JUICE', { category: 'Drinks' }), product('EARL', { category: 'Tea' }))
    await domain.given(product('UJI', { category: 'Green' }), product('SENCHA', { category: 'Green' }))
    await domain.given(product('OLD', { category: 'Green', retired: true }), shelf('Empty'))

    expect((await list()).items).toEqual([
      { slug: 'drinks', name: 'Drinks', products: 4 },
      { slug: 'empty', name: 'Empty', products: 0 },
      { slug: 'green', name: 'Green', parent: 'tea', products: 2 },
      { slug: 'tea', name: 'Tea', parent: 'drinks', products: 3 },
    ])
  })

  test('gives each on one page only, counted as on a whole list', async () => {
    await domain.given(shelf('Drinks'), shelf('Tea', { parent: 'Drinks' }), shelf('Tins'), shelf('Fruit'))
    await domain.given(product('EARL', { category: 'Tea' }))

    const pages = await Promise.all([1, 2, 3].map((page) => list({ page, pageSize: 2 })))

    expect(pages.map(({ items }) => items.map(({ slug }) => slug))).toEqual([
      ['drinks', 'fruit'],
      ['tea', 'tins'],
      [],
    ])
    expect(pages.map(({ total }) => total)).toEqual([4, 4, 4])
    expect(pages[0]!.items[0]).toEqual({ slug: 'drinks', name: 'Drinks', products: 1 })
  })
})
