import { DiscountDue } from '#events/catalog/discount-due.v1/event'
import { PriceChanged } from '#events/catalog/price-changed.v1/event'
import { ProductRetired } from '#events/catalog/product-retired.v1/event'
import { discount, product, productCache } from '#support/catalog'
import { openDomain } from '#support/domain'
import { changePrice } from '../change-price/handler'
import { discountProduct } from '../discount-product/handler'
import { retireProduct } from '../retire-product/handler'
import { turnDiscounts } from './handler'
import { turnDue } from './turn-due'

describe('turn-discounts', () => {
  const domain = openDomain('catalog/turn-discounts', { now: '2026-03-01T09:00:00.000Z' })
  const period = { from: '2026-03-01T10:00:00Z', until: '2026-03-01T12:00:00Z' }
  // What staff do at the moment of a tick is done by other operations, which may tell more.
  domain.operation.emits!.push(ProductRetired.path)
  const tick = async (time?: string) => {
    if (time) domain.at(time)
    const { next } = await turnDue(domain.eventDeps())
    return next ? 'more' : 'idle'
  }
  const told = async () =>
    (await domain.emitted()).map(([, data]) => {
      const { sku, price, version } = data as PriceChanged
      return [sku, price, version]
    })
  const asStaff = () => ({ ...domain.deps(), products: productCache() })

  test('begins and ends a discount by itself, each edge at its moment and once', async () => {
    await domain.given(product('TEA', { price: 450 }), discount('TEA', { percentage: 10, ...period }))

    expect(await tick('2026-03-01T09:59:59.999Z')).toBe('more')
    expect(await told()).toEqual([])
    expect(await tick('2026-03-01T10:00:00.000Z')).toBe('more')
    await tick('2026-03-01T11:59:59.999Z')
    expect(await told()).toEqual([['TEA', 405, 2]])
    expect(await tick('2026-03-01T12:00:00.000Z')).toBe('idle')
    await tick('2026-03-01T13:00:00.000Z')

    expect(await told()).toEqual([
      ['TEA', 405, 2],
      ['TEA', 450, 3],
    ])
    expect(await domain.emitted()).toMatchObject([
      [PriceChanged.type, { listPrice: 450, changedAt: '2026-03-01T10:00:00.000Z' }],
      [PriceChanged.type, { listPrice: 450, changedAt: '2026-03-01T12:00:00.000Z' }],
    ])
    expect(await domain.rows('select price, version from products')).toEqual([{ price: 450, version: 3 }])
  })

  test('announces both edges in their order when it slept through the whole of a discount', async () => {
    await domain.given(product('TEA', { price: 450 }), discount('TEA', { amount: 50, ...period }))

    expect(await tick('2026-03-05T00:00:00Z')).toBe('idle')
    await tick()

    expect(await told()).toEqual([
      ['TEA', 400, 2],
      ['TEA', 450, 3],
    ])
    expect(await domain.rows('select price from products')).toEqual([{ price: 450 }])
  })

  test('announces each edge of 250 discounts once when ten ticks come at the same moment', async () => {
    for (let turn = 0; turn < 250; turn++) {
      await domain.given(
        product(`TEA-${turn}`, { price: 1000 }),
        discount(`TEA-${turn}`, { percentage: 10, ...period }),
      )
    }

    for (const time of [period.from, period.until]) {
      domain.at(time)
      await Promise.all(Array.from({ length: 10 }, () => tick()))
      await tick()
    }

    const facts = await told()
    expect(facts).toHaveLength(500)
    expect(new Set(facts.map(([sku, , version]) => `${sku} ${version}`)).size).toBe(500)
    expect(await domain.rows('select distinct price, version from products')).toEqual([
      { price: 1000, version: 3 },
    ])
  })

  test('loses no edge and no price when staff price, discount and retire at the moment of an edge', async () => {
    const skus = Array.from({ length: 12 }, (_, turn) => `TEA-${turn}`)
    for (const sku of skus) {
      await domain.given(product(sku, { price: 1000 }), discount(sku, { percentage: 10, ...period }))
    }
    domain.at('2026-03-01T10:30:00Z')

    await Promise.all([
      ...Array.from({ length: 4 }, () => tick()),
      ...skus.map((sku, turn) => {
        if (turn % 3 === 0) return changePrice({ sku, price: 2000, currency: 'EUR' }, asStaff())
        if (turn % 3 === 1) return discountProduct({ sku, percentage: 50, ...period }, asStaff())
        return retireProduct({ sku }, asStaff())
      }),
    ])
    await tick()

    const rows = await domain.rows<{ sku: string; price: number; version: number; retired: boolean }>(
      'select sku, price, version, retired_at is not null as retired from products order by sku',
    )
    for (const [turn, sku] of skus.entries()) {
      const { price, version, retired } = rows.find((row) => row.sku === sku)!
      expect([sku, retired]).toEqual([sku, turn % 3 === 2])
      if (!retired) expect([sku, price]).toEqual([sku, turn % 3 === 0 ? 1800 : 500])
      const versions = (await domain.emitted())
        .filter(([, data]) => (data as PriceChanged).sku === sku)
        .map(([, data]) => (data as PriceChanged).version)
      expect([sku, versions]).toEqual([sku, Array.from({ length: version - 1 }, (_, step) => step + 2)])
    }
  })

  test('leaves retired products and discounts that were replaced alone', async () => {
    await domain.given(product('OLD', { price: 450 }), discount('OLD', { amount: 50, ...period }))
    await domain.given(product('TEA', { price: 450 }), discount('TEA', { amount: 50, ...period }))
    await retireProduct({ sku: 'OLD' }, asStaff())
    await discountProduct({ sku: 'TEA', amount: 50, from: '2026-03-09', until: '2026-03-10' }, asStaff())
    const before = (await domain.emitted()).length

    expect(await tick('2026-03-01T11:00:00Z')).toBe('more')

    expect(await domain.emitted()).toHaveLength(before)
  })

  test('rests when there is no discount', async () => {
    expect(await tick()).toBe('idle')
  })

  describe('staying for an edge that comes before the next tick', () => {
    const inMs = (ms: number) => new Date(Date.now() + ms).toISOString()
    const clock = { now: () => new Date() }
    const stay = (patienceMs: number) => turnDiscounts(domain.eventDeps(undefined, { clock }), patienceMs)
    const given = (from: string, until: string) =>
      domain.given(product('TEA', { price: 450 }), discount('TEA', { percentage: 10, from, until }))

    test('turns it at its moment and goes, so that it is told', async () => {
      await given(inMs(300), inMs(86_400_000))

      expect(await stay(20_000)).toBe('more')

      expect(await told()).toEqual([['TEA', 405, 2]])
    })

    test('tells of the end of a discount that ends soon after it began', async () => {
      const until = inMs(30_000)
      await given(inMs(-1_000), until)

      expect(await stay(20_000)).toBe('more')

      expect((await domain.emitted()).at(-1)).toEqual([DiscountDue.type, { sku: 'TEA', dueAt: until }])
    })

    test('goes soon, and tells of it once more when it comes before the next tick', async () => {
      const from = inMs(30_000)
      await given(from, inMs(86_400_000))

      expect(await stay(0)).toBe('more')

      expect(await domain.emitted()).toEqual([[DiscountDue.type, { sku: 'TEA', dueAt: from }]])
    })

    test('leaves one that the next tick is early enough for to the tick', async () => {
      await given(inMs(75_000), inMs(86_400_000))

      const began = performance.now()

      expect(await stay(20_000)).toBe('more')

      expect(performance.now() - began).toBeLessThan(10_000)
      expect(await domain.emitted()).toEqual([])
    })

    test('has nothing to stay for without a discount', async () => {
      expect(await stay(20_000)).toBe('idle')
    })
  })
})
