import { PriceChanged } from '#events/catalog/price-changed.v1/event'
import { discount, place, product, productCache, silentCache } from '#support/catalog'
import { openDomain } from '#support/domain'
import { viewProduct } from '../view-product/handler'
import { changePrice } from './handler'

describe('change-price', () => {
  const domain = openDomain('catalog/change-price')
  const change = (price: number, currency = 'EUR', sku = 'TEA', products = productCache()) =>
    changePrice({ sku, price, currency }, { ...domain.deps(), products })
  const march = { from: '2026-03-01T00:00:00Z', until: '2026-04-01T00:00:00Z' }

  test('sets the price, shows it and announces it', async () => {
    await domain.given(product('TEA', { price: 450 }))

    expect((await change(500)).body).toMatchObject({ price: 500, listPrice: 500, currency: 'EUR' })

    expect(await domain.emitted()).toEqual([
      [
        PriceChanged.type,
        {
          ...{ sku: 'TEA', price: 500, listPrice: 500, currency: 'EUR' },
          ...{ version: 2, changedAt: '2026-03-01T10:00:00.000Z' },
        },
      ],
    ])
  })

  test.each<[string, object, string, number]>([
    ['a running percentage', { percentage: 10, state: 'running' }, 'EUR', 450],
    ['a running amount', { amount: 60, state: 'running' }, 'EUR', 440],
    ['a running amount that is more than there is', { amount: 600, state: 'running' }, 'EUR', 0],
    ['a running percentage in any currency', { percentage: 10, state: 'running' }, 'JPY', 450],
    ['no amount of another currency', { amount: 60, state: 'running' }, 'JPY', 500],
    ['no discount that has not begun', { percentage: 10, state: 'awaited' }, 'EUR', 500],
    ['no discount that is over', { percentage: 10, state: 'over' }, 'EUR', 500],
  ])('takes off %s', async (_, told, currency, price) => {
    await domain.given(product('TEA', { price: 450 }), discount('TEA', { ...march, ...told }))

    expect((await change(500, currency)).body).toMatchObject({ price, listPrice: 500, currency })
    expect(await domain.emitted()).toMatchObject([[PriceChanged.type, { price, listPrice: 500, currency }]])
  })

  test('announces nothing when the price stands already', async () => {
    await domain.given(product('TEA', { price: 400, listPrice: 450 }))

    expect(await change(450)).toMatchObject({ status: 200, body: { price: 400, listPrice: 450 } })

    expect(await domain.emitted()).toEqual([])
  })

  test.each(['GHOST', 'OLD'])('refuses %s, which is not on sale', async (sku) => {
    await domain.given(product('OLD', { retired: true }))

    await expect(change(1, 'EUR', sku)).rejects.toMatchObject({ kind: 'unknown-product', status: 404 })
    expect(await domain.emitted()).toEqual([])
  })

  test('ends at the price that was announced last, when 20 come at the same moment', async () => {
    await domain.given(product('TEA', { price: 1 }))

    await Promise.all(Array.from({ length: 20 }, (_, turn) => change(100 + turn)))

    const told = (await domain.emitted()).map(([, data]) => data as PriceChanged)
    expect(told.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, turn) => turn + 2))
    expect(await domain.rows('select price, version from products')).toEqual([
      { price: told.at(-1)!.price, version: 21 },
    ])
  })

  test('is seen at once by who looked before, in every process', async () => {
    await domain.given(product('TEA', { price: 450 }))
    const shared = place()
    const look = async () =>
      (await viewProduct({ sku: 'TEA' }, { ...domain.deps(), products: productCache(shared) })).body!.price
    await look()

    await change(500, 'EUR', 'TEA', productCache(shared))

    expect(await look()).toBe(500)
  })

  test('sets the price while Redis is away', async () => {
    await domain.given(product('TEA', { price: 450 }))
    const { cache, close } = await silentCache()
    try {
      expect(await change(500, 'EUR', 'TEA', productCache(place(), cache))).toMatchObject({ status: 200 })
    } finally {
      close()
    }
  })
})
