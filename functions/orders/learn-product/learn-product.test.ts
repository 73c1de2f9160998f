import { PriceChanged } from '#events/catalog/price-changed.v1/event'
import { ProductAdded } from '#events/catalog/product-added.v1/event'
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
const changed = { sku: 'TEA', price: 400, listPrice: 450, currency: 'EUR', version: 2, changedAt: at }
const retired = { sku: 'TEA', version: 3, retiredAt: at }
const story = [
  [ProductAdded.type, added],
  [PriceChanged.type, changed],
  [ProductRetired.type, retired],
] as const

describe('learn-product', () => {
  const domain = openDomain('orders/learn-product')
  const known = () => domain.rows('select name, price, currency, retired from products')

  test.each(permutations([0, 1, 2]))(
    'ends in the same copy when events come as %i, %i, %i and twice',
    async (...order) => {
      for (const index of [...order, ...order]) {
        const [type, data] = story[index]!
        const deps = domain.eventDeps()
        await learnProduct(data, { ...deps, event: { ...deps.event, type } })
      }

      expect(await known()).toEqual([{ name: 'Tea', price: 400, currency: 'EUR', retired: true }])
    },
  )
})

function permutations(items: number[]): [number, number, number][] {
  const all = items.flatMap((a) =>
    items.flatMap((b) => items.map((c) => [a, b, c] as [number, number, number])),
  )
  return all.filter((some) => new Set(some).size === items.length)
}
