import type { Operation } from '#runtime/operation'
import { asked, openEveryDoor } from '#support/every-door'
import { paid, placed } from '#support/orders'
import { awaited, captured } from '#support/payments'

const BODIES: Record<string, string> = {
  'cancel-order': '{"reason":"Mine now."}',
  'pay-order': '{"paymentMethod":"pm_approve"}',
}

/**
 * Both seeds looked an order up by its id and gave it to whoever asked; one listed the orders of any `user_id` that a
 * query named. Here another's order does not exist: 404, not 403, and nothing about it changes.
 */
describe('anyone reads all orders', () => {
  const doors = openEveryDoor()
  const about = (order: RegExp) => asked().filter(({ http }) => order.test(http![0]!))
  const oneOrder = about(/\/v1\/orders\/\{id\}/).filter(({ caller }) => caller?.includes('customer'))
  const [list] = about(/GET \/v1\/orders$/) as [Operation]
  const as = async (id: string, role: 'customer' | 'staff' | 'admin' = 'customer') => ({
    authorization: await doors.keys().bearer(id, role),
  })
  const everything = async () => [
    await doors.domain('orders').rows('select * from orders order by id'),
    await doors.domain('payments').rows('select * from payments order by order_id'),
  ]

  beforeEach(async () => {
    await doors.domain('orders').given(paid('ada-1', 'delivered'), placed('bob-1', { customerId: 'bob' }))
    await doors.domain('payments').given(captured('ada-1', 'ch_1'), awaited('bob-1', { customerId: 'bob' }))
  })

  test('B8: there are operations on one order to be tried', () => {
    expect(oneOrder.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['cancel-order', 'pay-order', 'return-order', 'view-order', 'view-payment']),
    )
  })

  test.each(oneOrder.map((operation) => [operation.name, operation] as const))(
    "B8: %s does not know another customer's order, and leaves it as it is",
    async (name, operation) => {
      const before = await everything()
      const body = BODIES[name] ?? '{}'

      const refused = await doors.ask(operation, await as('eve'), { id: 'ada-1', body })
      const unknown = await doors.ask(operation, await as('eve'), { id: 'no-such-order', body })

      expect([refused.status, unknown.status]).toEqual([404, 404])
      const [told, toldOfNone] = (await Promise.all([refused.json(), unknown.json()])) as [object, object]
      expect({ ...told, instance: '' }).toEqual({ ...toldOfNone, instance: '' })
      expect(await everything()).toEqual(before)
    },
  )

  test.each(oneOrder.map((operation) => [operation.name, operation] as const))(
    'B8: %s knows the order of who asks',
    async (name, operation) => {
      const answer = await doors.ask(operation, await as('ada'), {
        id: 'ada-1',
        body: BODIES[name] ?? '{}',
      })

      expect(answer.status).toBeLessThan(500)
      expect([401, 403, 404]).not.toContain(answer.status)
    },
  )

  test("B8: list-orders lists the asker's orders, and everybody's to staff", async () => {
    const seen = async (headers: Record<string, string>) => {
      const { items } = (await (await doors.ask(list, headers)).json()) as { items: { orderId: string }[] }
      return items.map(({ orderId }) => orderId).sort()
    }

    expect(await seen(await as('ada'))).toEqual(['ada-1'])
    expect(await seen(await as('bob'))).toEqual(['bob-1'])
    expect(await seen(await as('eve'))).toEqual([])
    expect(await seen(await as('sam', 'staff'))).toEqual(['ada-1', 'bob-1'])
  })

  test.each(['user_id', 'userId', 'customer_id', 'customerId', 'customer'])(
    'B12: list-orders refuses to be told whose orders to list: ?%s=',
    async (field) => {
      for (const who of [await as('eve'), await as('sam', 'staff')]) {
        const answer = await doors.ask(list, who, { query: `?${field}=ada` })

        expect(answer.status).toBe(422)
        expect(await answer.text()).not.toContain('ada-1')
      }
    },
  )

  test.each(oneOrder.map((operation) => [operation.name, operation] as const))(
    "B12: %s cannot be told in the request that another's order is one's own",
    async (name, operation) => {
      const said = JSON.parse(BODIES[name] ?? '{}') as object
      const body = JSON.stringify({ ...said, user_id: 'ada', customerId: 'ada' })

      const answer = await doors.ask(operation, await as('eve'), {
        ...{ id: 'ada-1', body },
        query: '?user_id=ada&customerId=ada',
      })

      expect([404, 422]).toContain(answer.status)
      expect(await answer.text()).not.toContain('"shippingAddress"')
    },
  )
})
