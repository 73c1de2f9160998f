import { product, productCache } from '#support/catalog'
import { openDomain } from '#support/domain'
import { viewProduct } from '../view-product/handler'
import { showAvailability } from './handler'

/** Stock says how many there are, as its so many-th word on the matter. */
const level = (version: number, available: number, sku = 'TEA') => ({
  ...{ sku, onHand: available, reserved: 0, available, version },
  changedAt: '2026-03-01T09:00:00.000Z',
})

describe('show-availability', () => {
  const domain = openDomain('catalog/show-availability')
  const hear = (version: number, available: number, eventId = `level ${version}`) =>
    showAvailability(level(version, available), domain.eventDeps(eventId))
  const shown = async () =>
    (await viewProduct({ sku: 'TEA' }, { ...domain.deps(), products: productCache() })).body!.available

  test('shows the level that stock told', async () => {
    await domain.given(product('TEA'), product('TIN', { available: 3 }))

    await hear(1, 12)

    expect(await domain.rows('select sku, available from availability order by sku')).toEqual([
      { sku: 'TEA', available: 12 },
      { sku: 'TIN', available: 3 },
    ])
  })

  test.each([
    [[1, 2, 3]],
    [[1, 3, 2]],
    [[2, 1, 3]],
    [[2, 3, 1]],
    [[3, 1, 2]],
    [[3, 2, 1]],
    [[3, 1, 3, 2, 1, 2]],
  ])('shows the newest level when they come in the order %j', async (order) => {
    await domain.given(product('TEA'))

    for (const version of order) await hear(version, version === 3 ? 0 : version * 10)

    expect(await shown()).toBe(0)
  })

  test('shows the newest level when many come at the same moment, each more than once', async () => {
    await domain.given(product('TEA'))
    const versions = Array.from({ length: 60 }, (_, turn) => ((turn * 7) % 20) + 1)

    await Promise.all(versions.map((version) => hear(version, version * 10)))

    expect(await domain.rows('select available, version from availability')).toEqual([
      { available: 200, version: 20 },
    ])
  })

  test('keeps a level for a product that comes later', async () => {
    await hear(2, 8)
    await hear(1, 5)

    await domain.given(product('TEA'))

    expect(await shown()).toBe(8)
  })
})
