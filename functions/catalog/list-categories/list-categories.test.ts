import { product, shelf } from '#support/catalog'
import { openDomain } from '#support/domain'
import { listCategories } from './handler'

describe('list-categories', () => {
  const domain = openDomain('catalog/list-categories')
  const list = async () => (await listCategories({}, domain.deps())).body!.items

  test('lists nothing of an empty catalogue', async () => {
    expect(await listCategories({}, domain.deps())).toEqual({ status: 200, headers: {}, body: { items: [] } })
  })

  test('lists every category by name, whatever its case and accents', async () => {
    await domain.given(shelf('tins'), shelf('Études'), shelf('Fruit'), shelf('Drinks'))

    expect(await list()).toEqual([
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

    expect(await list()).toEqual([
      { slug: 'drinks', name: 'Drinks', products: 4 },
      { slug: 'empty', name: 'Empty', products: 0 },
      { slug: 'green', name: 'Green', parent: 'tea', products: 2 },
      { slug: 'tea', name: 'Tea', parent: 'drinks', products: 3 },
    ])
  })
})
