import { openDomain } from '#support/domain'
import { placed } from '#support/orders'
import { listOrders } from './handler'

interface Listed {
  items: { orderId: string }[]
  total: number
}

describe('list-orders', () => {
  const domain = openDomain('orders/list-orders')
  const idsOf = (reply: { body?: unknown }) => (reply.body as Listed).items.map(({ orderId }) => orderId)

  beforeEach(async () => {
    for (const n of [1, 2, 3]) await domain.given(placed(`o${n}`, { at: `2026-03-0${n}T09:00:00Z` }))
    await domain.given(placed('other', { customerId: 'bob', status: 'confirmed' }))
  })

  test("lists a customer's own orders, newest first, in pages", async () => {
    const first = await listOrders({ pageSize: 2 }, domain.deps())
    const second = await listOrders({ page: 2, pageSize: 2 }, domain.deps())

    expect([idsOf(first), idsOf(second)]).toEqual([['o3', 'o2'], ['o1']])
    expect(first.body).toMatchObject({ page: 1, pageSize: 2, total: 3 })
    expect(first.headers!['Link']).toContain('</v1/orders?page=2&pageSize=2>; rel="next"')
  })

  test('filters by status and by time', async () => {
    const staff = domain.deps({ caller: { role: 'staff' } })

    expect(idsOf(await listOrders({ status: 'confirmed' }, staff))).toEqual(['other'])
    expect(
      idsOf(await listOrders({ from: '2026-03-02', until: '2026-03-03T09:00:00Z' }, domain.deps())),
    ).toEqual(['o2'])
    expect(idsOf(await listOrders({ status: 'shipped' }, domain.deps()))).toEqual([])
  })
})
