import { product, shelf } from '#support/catalog'
import { openDomain } from '#support/domain'
import { addCategory } from './handler'
import type { AddCategory } from './input'

/** A category that came with a product, before anybody added it. */
const named = (name: string) => async (db: Parameters<ReturnType<typeof shelf>>[0]) => {
  await shelf(name)(db)
  await db.query('update categories set declared = false where name = $1', [name])
}

describe('add-category', () => {
  const domain = openDomain('catalog/add-category')
  const add = (category: AddCategory) => addCategory(category, domain.deps())
  const rows = () => domain.rows('select slug, name, parent from categories order by slug')
  const allAtOnce = (categories: AddCategory[]) => Promise.allSettled(categories.map(add))
  const kinds = (tries: PromiseSettledResult<unknown>[]) =>
    tries.map((attempt) =>
      attempt.status === 'fulfilled'
        ? 'added'
        : ((attempt.reason as { kind?: string }).kind ?? String(attempt.reason)),
    )

  test('adds a category and makes its slug of its name', async () => {
    const reply = await add({ name: 'Thé & Café' })

    expect(reply).toEqual({ status: 201, body: { slug: 'the-cafe', name: 'Thé & Café' } })
    expect(await rows()).toEqual([{ slug: 'the-cafe', name: 'Thé & Café', parent: null }])
  })

  test.each(['Hot Drinks', 'hot drinks', 'hot', 'HOT'])('puts it below the category %j', async (parent) => {
    await domain.given(shelf('Hot Drinks', { slug: 'hot' }))

    const { body } = await add({ name: 'Tea', slug: 'leaves', parent })

    expect(body).toEqual({ slug: 'leaves', name: 'Tea', parent: 'hot' })
  })

  test.each<[string, AddCategory, string]>([
    ['a name that is taken', { name: 'tea & co', slug: 'other' }, 'category-taken'],
    ['a slug that is taken', { name: 'Other', slug: 'tea-co' }, 'category-taken'],
    ['a name whose slug is taken', { name: 'Tea Co' }, 'category-taken'],
    ['a parent that is not there', { name: 'Pots', parent: 'Ghost' }, 'unknown-category'],
    ['a category below itself', { name: 'Pots', parent: 'Pots' }, 'unknown-category'],
  ])('refuses %s and leaves no trace', async (_, category, kind) => {
    await domain.given(shelf('Tea & Co'))

    await expect(add(category)).rejects.toMatchObject({ kind })

    expect(await rows()).toEqual([{ slug: 'tea-co', name: 'Tea & Co', parent: null }])
  })

  test('tells categories whose slugs would clash apart by a slug of their own', async () => {
    await domain.given(shelf('Tea & Co'))

    expect((await add({ name: 'Tea Co', slug: 'tea-co-2' })).body).toMatchObject({ slug: 'tea-co-2' })
  })

  test('takes over a category that a product named, with its products', async () => {
    await domain.given(shelf('Drinks'), named('tea'), product('TEA', { category: 'tea' }))

    expect((await add({ name: 'Tea', parent: 'Drinks' })).body).toEqual({
      ...{ slug: 'tea', name: 'Tea', parent: 'drinks' },
    })
    await expect(add({ name: 'Tea' })).rejects.toMatchObject({ kind: 'category-taken' })
    expect(await domain.rows('select sku from products where category_slug = $1', ['tea'])).toEqual([
      { sku: 'TEA' },
    ])
  })

  test('adds a category once when 20 add it at the same time', async () => {
    const tries = await allAtOnce(Array.from({ length: 20 }, () => ({ name: 'Tea' })))

    expect(kinds(tries).sort()).toEqual(['added', ...Array.from({ length: 19 }, () => 'category-taken')])
  })

  test('gives a name once when 20 want it at the same time under slugs of their own', async () => {
    const tries = await allAtOnce(
      Array.from({ length: 20 }, (_, turn) => ({ name: turn % 2 ? 'TEA' : 'Tea', slug: `tea-${turn}` })),
    )

    expect(kinds(tries).sort()).toEqual(['added', ...Array.from({ length: 19 }, () => 'category-taken')])
    expect(await rows()).toHaveLength(1)
  })

  test('never makes a circle, also when two are put below each other at the same time', async () => {
    for (let round = 0; round < 10; round++) {
      const [left, right] = [`Left ${round}`, `Right ${round}`]
      await domain.given(named(left), named(right))

      const tries = await allAtOnce([
        { name: left, parent: right },
        { name: right, parent: left },
      ])

      expect(kinds(tries).sort()).toEqual(['added', 'category-taken'])
    }
    expect(
      await domain.rows(
        'select from categories one join categories two on one.parent = two.slug and two.parent = one.slug',
      ),
    ).toEqual([])
  })
})
