import { DiscountDue } from '#events/catalog/discount-due.v1/event'
import { PriceChanged } from '#events/catalog/price-changed.v1/event'
import { discount, product, productCache } from '#support/catalog'
import { openDomain } from '#support/domain'
import { discounted } from '../discount'
import { discountProduct } from './handler'
import type { DiscountProduct } from './input'

describe('discount-product', () => {
  const domain = openDomain('catalog/discount-product')
  const running = { from: '2026-03-01', until: '2026-03-02' }
  const later = { from: '2026-03-08', until: '2026-03-15' }
  const past = { from: '2026-02-01', until: '2026-02-02' }
  const give = (input: Partial<DiscountProduct>, sku = 'TEA') =>
    discountProduct({ sku, ...running, ...input }, { ...domain.deps(), products: productCache() })
  const prices = async () =>
    (await domain.emitted()).map(([type, data]) => [
      type,
      (data as PriceChanged).price,
      (data as PriceChanged).version,
    ])

  test('begins at once when it is due, and announces the price', async () => {
    await domain.given(product('TEA', { price: 450, available: 7 }))

    const { body } = await give({ percentage: 15 })

    expect(body).toMatchObject({
      ...{ sku: 'TEA', price: 383, listPrice: 450, available: 7 },
      discount: {
        ...{ percentage: 15, state: 'running' },
        ...{ from: '2026-03-01T00:00:00.000Z', until: '2026-03-02T00:00:00.000Z' },
      },
    })
    expect(await prices()).toEqual([[PriceChanged.type, 383, 2]])
  })

  test('waits until it begins', async () => {
    await domain.given(product('TEA', { price: 450 }))

    expect((await give({ amount: 50, ...later })).body).toMatchObject({
      price: 450,
      discount: { state: 'awaited' },
    })

    expect(await domain.emitted()).toEqual([])
  })

  test.each([
    ['begins', { from: '2026-03-01T10:00:20Z', until: '2026-03-02' }, '2026-03-01T10:00:20.000Z'],
    ['ends', { from: '2026-03-01', until: '2026-03-01T10:00:59Z' }, '2026-03-01T10:00:59.000Z'],
    ['ends, but not before a timer looks', { from: '2026-03-01', until: '2026-03-01T10:01:00Z' }, undefined],
  ])('tells when it %s before a timer would look', async (_, period, dueAt) => {
    await domain.given(product('TEA', { price: 450 }))

    await give({ amount: 50, ...period })

    const due = (await domain.emitted()).filter(([type]) => type === DiscountDue.type)
    expect(due).toEqual(dueAt === undefined ? [] : [[DiscountDue.type, { sku: 'TEA', dueAt }]])
  })

  test.each<[string, Partial<DiscountProduct>, [string, number, number][]]>([
    ['the same', { percentage: 10 }, []],
    ['another that is due', { amount: 50 }, [[PriceChanged.type, 400, 3]]],
    ['another that costs the same', { amount: 45 }, []],
    ['one that begins later', { percentage: 10, ...later }, [[PriceChanged.type, 450, 3]]],
    ['one that has passed', { percentage: 10, ...past }, [[PriceChanged.type, 450, 3]]],
  ])('is replaced by %s, and only a change is announced', async (_, input, expected) => {
    await domain.given(product('TEA', { price: 450 }))
    await give({ percentage: 10 })

    await give(input)

    expect(await prices()).toEqual([[PriceChanged.type, 405, 2], ...expected])
    expect(await domain.rows('select from discounts')).toHaveLength(1)
  })

  test('announces an edge also where it changes no price', async () => {
    await domain.given(product('GIFT', { price: 0 }))

    await give({ percentage: 50 }, 'GIFT')

    expect(await prices()).toEqual([[PriceChanged.type, 0, 2]])
  })

  test.each<[string, Partial<DiscountProduct>, string]>([
    ['neither percentage nor amount', {}, '#'],
    ['both', { percentage: 10, amount: 50 }, '#'],
    ['an end before the beginning', { amount: 1, from: '2026-03-02', until: '2026-03-01' }, '#/until'],
    ['an end at the beginning', { amount: 1, until: '2026-03-01T01:00:00+01:00' }, '#/until'],
  ])('refuses %s', async (_, input, pointer) => {
    await domain.given(product('TEA'))

    await expect(give(input)).rejects.toMatchObject({ status: 422, members: { errors: [{ pointer }] } })

    expect(await domain.rows('select from discounts')).toEqual([])
  })

  test.each(['GHOST', 'OLD'])('refuses %s, which is not on sale', async (sku) => {
    await domain.given(product('OLD', { retired: true }))

    await expect(give({ amount: 1 }, sku)).rejects.toMatchObject({ kind: 'unknown-product', status: 404 })
  })

  test('is given once when the same comes 20 times at the same moment', async () => {
    await domain.given(product('TEA', { price: 450 }), discount('TEA', { amount: 1, ...later }))

    await Promise.all(Array.from({ length: 20 }, () => give({ percentage: 10 })))

    expect(await prices()).toEqual([[PriceChanged.type, 405, 2]])
  })

  test.each<[number, Deduction, number]>([
    [450, { percentage: 15 }, 383],
    [450, { percentage: 100 }, 0],
    [1, { percentage: 50 }, 1],
    [1, { percentage: 51 }, 0],
    [99_999_999, { percentage: 33 }, 66_999_999],
    [450, { amount: 50 }, 400],
    [450, { amount: 451 }, 0],
  ])('leaves of %i with %j off %i', (listPrice, deduction, left) => {
    const discount = { percentage: null, amount: null, currency: 'EUR', ...deduction }
    expect(discounted(listPrice, 'EUR', discount)).toBe(left)
  })
})

interface Deduction {
  percentage?: number
  amount?: number
}
