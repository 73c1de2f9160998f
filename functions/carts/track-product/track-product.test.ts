import { PriceChanged } from '#events/catalog/price-changed.v1/event'
import { ProductAdded } from '#events/catalog/product-added.v1/event'
import { ProductDescribed } from '#events/catalog/product-described.v1/event'
import { ProductRetired } from '#events/catalog/product-retired.v1/event'
import { atOnce, openCarts } from '#support/carts'
import { copiesOf, learn } from '../products'
import { trackProduct } from './handler'

describe('track-product', () => {
  const carts = openCarts('carts/track-product')
  const at = '2026-03-01T10:00:00.000Z'
  const added = (version = 1): [string, ProductAdded] => [
    ProductAdded.type,
    {
      ...{ sku: carts.sku('TEA'), name: 'Assam', description: 'Tea', category: 'tea', addedAt: at },
      ...{ price: 450, currency: 'EUR', version },
    },
  ]
  const changed = (version: number, price: number): [string, PriceChanged] => [
    PriceChanged.type,
    { sku: carts.sku('TEA'), price, listPrice: 450, currency: 'EUR', version, changedAt: at },
  ]
  const retired = (version: number): [string, ProductRetired] => [
    ProductRetired.type,
    { sku: carts.sku('TEA'), version, retiredAt: at },
  ]
  const described = (version: number, name: string): [string, ProductDescribed] => [
    ProductDescribed.type,
    { sku: carts.sku('TEA'), name, description: '', category: 'tea', version, describedAt: at },
  ]
  const track = ([type, data]: [string, Parameters<typeof trackProduct>[0]]) =>
    trackProduct(data, carts.eventDeps(type))
  const copy = async () => (await copiesOf(carts.cache(), [carts.sku('TEA')])).get(carts.sku('TEA'))

  test('knows a product that was added', async () => {
    await track(added())

    expect(await copy()).toEqual({ name: 'Assam', price: 450, currency: 'EUR' })
  })

  test('takes a new name, and no older one after it', async () => {
    await track(described(3, 'Darjeeling'))
    await track(described(2, 'Ceylon'))
    await track(added())
    expect(await copy()).toEqual({ name: 'Darjeeling', price: 450, currency: 'EUR' })
  })

  test('does not know a product of which only the price was heard', async () => {
    await track(changed(2, 400))

    expect(await copy()).toBeUndefined()
  })

  test('ends in the same copy whatever the order, with each event twice', async () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]
    for (const order of orders) {
      await carts.cache().hdel('products', carts.sku('TEA'))
      const events = [added(), changed(2, 400), changed(3, 420)]

      for (const index of [...order, ...order]) await track(events[index]!)

      expect(await copy()).toEqual({ name: 'Assam', price: 420, currency: 'EUR' })
    }
  })

  test('ends in the newest price when all events come at the same moment', async () => {
    await track(added())

    await atOnce(30, (turn) => track(changed(2 + turn, 400 + turn)))

    expect(await copy()).toMatchObject({ price: 429 })
  })

  test('knows a product as retired, even when older news comes later', async () => {
    await track(retired(3))
    await track(added(1))
    await track(changed(2, 400))

    expect(await copy()).toBeNull()
  })

  test('knows a product that is sold again', async () => {
    await track(added(1))
    await track(added(4))
    await track(retired(3))

    expect(await copy()).toMatchObject({ name: 'Assam' })
  })

  test('lets any event outrank what the catalogue answered', async () => {
    const price = (amount: number, version: number) => ({ price: { version, amount, currency: 'EUR' } })
    await track(changed(1, 400))
    await learn(carts.cache(), carts.sku('TEA'), { name: { version: 0, text: 'Assam' }, ...price(999, 0) })

    expect(await copy()).toEqual({ name: 'Assam', price: 400, currency: 'EUR' })
  })
})
