import { PriceChanged } from '#events/catalog/price-changed.v1/event'
import { ProductAdded } from '#events/catalog/product-added.v1/event'
import { ProductDescribed } from '#events/catalog/product-described.v1/event'
import { ProductRetired } from '#events/catalog/product-retired.v1/event'
import { openDomain } from '#support/domain'
import { learnProduct } from './handler'

const at = '2026-03-01T10:00:00.000Z'
const added = {
  sku: 'TEA',
  name: 'Tea',
  description: '',
  category: 'tea',
  price: 450,
  currency: 'EUR',
  version: 1,
  addedAt: at,
}
const changed = { sku: 'TEA', price: 400, listPrice: 450, currency: 'GBP', version: 2, changedAt: at }
const described = {
  sku: 'TEA',
  name: 'Black tea',
  description: '',
  category: 'tea',
  version: 3,
  describedAt: at,
}
const retired = { sku: 'TEA', version: 4, retiredAt: at }
const story = [
  [ProductAdded.type, added],
  [PriceChanged.type, changed],
  [ProductDescribed.type, described],
  [ProductRetired.type, retired],
] as const

describe('learn-product', () => {
  const domain = openDomain('orders/learn-product')
  const known = () => domain.rows('select name, price, currency, retired from products')

  test.each(permutations([0, 1, 2, 3]).map((order) => [order]))(
    'ends in the same copy when events come as %j and twice',
    async (order) => {
      for (const index of [...order, ...order]) {
        const [type, data] = story[index]!
        const deps = domain.eventDeps()
        await learnProduct(data, { ...deps, event: { ...deps.event, type } })
      }

      expect(await known()).toEqual([{ name: 'Black tea', price: 400, currency: 'GBP', retired: true }])
    },
  )
})

function permutations(items: number[]): number[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  )
}
