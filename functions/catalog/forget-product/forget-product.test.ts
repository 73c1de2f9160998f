import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PriceChanged } from '#events/catalog/price-changed.v1/event'
import { StockLevelChanged } from '#events/stock/stock-level-changed.v1/event'
import { place, product, productCache, silentCache } from '#support/catalog'
import { openDomain } from '#support/domain'
import { listening } from '#support/door'
import { openProductCache } from '../product-cache'
import { viewProduct } from '../view-product/handler'
import { forgetProduct } from './handler'

describe('forget-product', () => {
  const catalogue = openDomain('catalog/view-product')
  const domain = openDomain('catalog/forget-product')
  const at = '2026-03-01T10:00:00.000Z'
  const price = (version: number) => ({
    ...{ sku: 'TEA', price: 1, listPrice: 1, currency: 'EUR' },
    ...{ version, changedAt: at },
  })
  const level = (version: number) => ({
    ...{ sku: 'TEA', onHand: 1, reserved: 0, available: 1 },
    ...{ version, changedAt: at },
  })
  const hear = (
    type: string,
    data: Parameters<typeof forgetProduct>[0],
    products = productCache(),
    time = at,
  ) => {
    const deps = domain.eventDeps()
    return forgetProduct(data, { ...deps, event: { ...deps.event, type, time }, products })
  }
  const look = async (products: ReturnType<typeof productCache>) =>
    (await viewProduct({ sku: 'TEA' }, { ...catalogue.deps(), products })).body!
  const changed = (what: string) => catalogue.rows(`update ${what}, version = version + 1`)

  beforeEach(() => catalogue.given(product('TEA', { price: 450, available: 7 })))

  test('ends a copy whose operation was cut off before it could', async () => {
    const products = productCache()
    await look(products)
    await changed('products set price = 500')

    await hear(PriceChanged.type, price(2), products)

    expect(await look(products)).toMatchObject({ price: 500 })
  })

  test('ends a copy when there is another number in stock, whichever of us hears first', async () => {
    const products = productCache()
    await look(products)

    await hear(StockLevelChanged.type, level(2), products)
    await look(products)
    await changed('availability set available = 3')

    expect(await look(products)).toMatchObject({ available: 3 })
  })

  test('leaves a copy that is newer than the event', async () => {
    const products = productCache()
    await changed('products set price = 500')
    await look(products)
    await catalogue.rows('update products set price = 1')

    for (const version of [1, 2]) await hear(PriceChanged.type, price(version), products)
    await hear(StockLevelChanged.type, level(1), products)

    expect(await look(products)).toMatchObject({ price: 500 })
  })

  test('waits for a Redis that is slow, unlike whoever looks', async () => {
    const slow = createServer((_request, response) => {
      setTimeout(() => response.end('[{"result":1}]'), 400)
    })
    await listening(slow)
    const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`
    const products = openProductCache({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: 'none' })

    const heard = await products.forget('TEA', { version: 2 })
    slow.closeAllConnections()
    slow.close()

    expect(heard).toBe(true)
  })

  test('tries again while Redis is away, until every copy has ended by itself', async () => {
    const { cache, close } = await silentCache()
    try {
      const away = () => productCache(place(), cache)
      await expect(hear(PriceChanged.type, price(2), away())).rejects.toThrow('redis is not reachable')
      await expect(hear(PriceChanged.type, price(2), away(), '')).rejects.toThrow('redis is not reachable')
      await hear(PriceChanged.type, price(2), away(), '2026-03-01T09:59:29.000Z')
    } finally {
      close()
    }
  })
})
