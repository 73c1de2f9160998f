import { OrderPlaced } from '#events/orders/order-placed.v1/event'
import { atOnce, openCarts } from '#support/carts'
import { forgetOrderedItems } from './handler'

describe('forget-ordered-items', () => {
  const carts = openCarts('carts/forget-ordered-items')
  const ordered = (quantities: Record<string, number>): OrderPlaced => ({
    orderId: 'order-1',
    customerId: carts.customer(),
    lines: Object.entries(quantities).map(([name, quantity]) => ({
      ...{ sku: carts.sku(name), name, quantity, unitPrice: 450 },
    })),
    total: 900,
    currency: 'EUR',
    placedAt: '2026-03-01T10:00:00.000Z',
  })
  const forget = (quantities: Record<string, number>, id?: string) =>
    forgetOrderedItems(ordered(quantities), carts.eventDeps(OrderPlaced.type, id))
  const inCart = async () => {
    const { items, version } = await carts.seen()
    return [items.map(({ sku, quantity }) => [sku, quantity]), version]
  }

  test('takes out what was ordered, and what was added since stays', async () => {
    await carts.sells('TEA', 450)
    await carts.sells('MUG', 1200)
    await carts.put('TEA', 2)
    await carts.put('MUG', 1)
    await carts.put('TEA', 3)

    await forget({ TEA: 2, MUG: 1 })

    expect(await inCart()).toEqual([[[carts.sku('TEA'), 3]], 4])
  })

  test('never takes more than there is', async () => {
    await carts.sells('TEA', 450)
    await carts.sells('MUG', 1200)
    await carts.put('TEA', 1)
    await carts.put('MUG', 1)

    await forget({ TEA: 5, GHOST: 2 })

    expect(await inCart()).toEqual([[[carts.sku('MUG'), 1]], 3])
  })

  test('leaves a customer without a cart without one', async () => {
    await forget({ TEA: 5 })

    expect(await inCart()).toEqual([[], 0])
    expect(await carts.cache().exists(`cart:{member:${carts.customer()}}:about`)).toBe(0)
  })

  test('takes out once for an event, delivered again later or many times at the same moment', async () => {
    await carts.sells('TEA', 450)
    await carts.put('TEA', 10)

    await atOnce(10, () => forget({ TEA: 2 }, 'event-1'))
    await forget({ TEA: 2 }, 'event-1')

    expect(await inCart()).toEqual([[[carts.sku('TEA'), 8]], 2])
  })

  test('takes out for each of several orders, in any order', async () => {
    await carts.sells('TEA', 450)
    await carts.put('TEA', 10)

    await atOnce(4, (turn) => forget({ TEA: 1 }, `event-${4 - turn}`))

    expect(await inCart()).toEqual([[[carts.sku('TEA'), 6]], 5])
  })

  test('loses nothing when additions and orders meet', async () => {
    await carts.sells('TEA', 450)
    await carts.put('TEA', 60)

    await atOnce(40, async (turn): Promise<unknown> =>
      turn % 2 === 0 ? carts.put('TEA', 3) : forget({ TEA: 2 }, `event-${turn}`),
    )

    expect(await inCart()).toEqual([[[carts.sku('TEA'), 60 + 20 * 3 - 20 * 2]], 41])
  })

  test('remembers an event for 30 days', async () => {
    await forget({ TEA: 1 }, 'event-1')

    const cache = carts.cache()
    const [, [key = '']] = await cache.scan(0, {
      match: `cart:{member:${carts.customer()}}:event:*`,
      count: 10_000,
    })
    expect(Math.round((await cache.ttl(key)) / 86_400)).toBe(30)
  })
})
