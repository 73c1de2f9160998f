import { OrderDelivered } from '#events/orders/order-delivered.v1/event'
import { OrderShipped } from '#events/orders/order-shipped.v1/event'
import { ParcelDelivered } from '#events/platform/parcel-delivered.v1/event'
import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import { openDomain } from '#support/domain'
import { serve, tokens } from '#support/door'
import { paid, placed } from '#support/orders'
import { shipOrder } from '../ship-order/handler'
import deliverOrderFunction, { deliverOrder, takeDelivery } from './handler'

const DELIVERED_AT = '2026-03-01T09:15:00.000Z'

describe('deliver-order', () => {
  const domain = openDomain('orders/deliver-order')
  // A shipment races with its delivery below, in this one's database.
  domain.operation.emits!.push('orders/order-shipped.v1')
  const staff = { caller: { role: 'staff' as const } }
  const asked = () => deliverOrder({ id: 'o1' }, domain.deps(staff))
  const told = (id?: string, orderId = 'o1', deliveredAt = DELIVERED_AT) =>
    takeDelivery({ orderId, deliveredAt }, domain.eventDeps(id))
  const status = async () => (await domain.rows<{ status: string }>('select status from orders'))[0]!.status
  const fact = { orderId: 'o1', customerId: 'ada', lines: [{ sku: 'TEA', quantity: 2 }] }

  test('notes a delivery that staff tell of', async () => {
    await domain.given(paid('o1', 'shipped'))

    expect(await asked()).toEqual({ status: 202, body: { orderId: 'o1', status: 'delivered' } })

    expect(await domain.emitted()).toEqual([
      [OrderDelivered.type, { ...fact, deliveredAt: '2026-03-01T10:00:00.000Z' }],
    ])
    expect(await domain.rows('select step, status from order_steps')).toEqual([
      { step: 'delivered', status: 'delivered' },
    ])
  })

  test('notes a delivery that a carrier tells of, once, however often and however many at a time', async () => {
    await domain.given(paid('o1', 'shipped'))

    await Promise.all(Array.from({ length: 9 }, (_, nth) => told(`e${nth % 3}`)))

    expect(await domain.emitted()).toEqual([[OrderDelivered.type, { ...fact, deliveredAt: DELIVERED_AT }]])
  })

  test.each([
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T10:15:00+01:00', DELIVERED_AT],
    ['2026-W09-7', '2026-03-01T10:00:00.000Z'],
    ['2026-060T09', '2026-03-01T10:00:00.000Z'],
    ['+012026-03-01T09:15:00Z', '2026-03-01T10:00:00.000Z'],
  ])('tells a moment written as %s so that everybody can read it', async (written, deliveredAt) => {
    await domain.given(paid('o1', 'shipped'))

    await told('e1', 'o1', written)

    expect(await domain.emitted()).toEqual([[OrderDelivered.type, { ...fact, deliveredAt }]])
  })

  test('is noted once when staff and a carrier tell of it', async () => {
    await domain.given(paid('o1', 'shipped'))

    await Promise.allSettled([asked(), told()])

    expect(await domain.emitted()).toHaveLength(1)
  })

  test('keeps what a carrier tells too early until the shipment is noted, whichever comes first', async () => {
    for (let round = 0; round < 20; round++) {
      const id = `race-${round}`
      await domain.given(paid(id, 'confirmed'))

      const shipping = () => shipOrder({ id }, domain.deps(staff))
      await Promise.all(
        round % 2 === 0 ? [shipping(), told(undefined, id)] : [told(undefined, id), shipping()],
      )

      const about = (await domain.emitted()).filter(
        ([, data]) => (data as { orderId: string }).orderId === id,
      )
      expect(about.map(([type]) => type)).toEqual([OrderShipped.type, OrderDelivered.type])
      expect(await domain.rows('select status from orders where id = $1', [id])).toEqual([
        { status: 'delivered' },
      ])
    }
  })

  test.each(['pending', 'awaiting-payment', 'confirmed', 'delivered', 'returned', 'rejected', 'cancelled'])(
    'refuses staff for an order that is %s',
    async (status) => {
      await domain.given(paid('o1', status))

      await expect(asked()).rejects.toMatchObject({ kind: 'order-closed', status: 409 })
      expect(await domain.emitted()).toEqual([])
    },
  )

  test.each(['delivered', 'returned', 'cancelled', 'rejected'])(
    'changes nothing when a carrier tells of an order that is %s',
    async (before) => {
      await domain.given(paid('o1', before))

      await told()

      expect(await status()).toBe(before)
      expect(await domain.emitted()).toEqual([])
    },
  )

  test('does not know an order that was never placed, and keeps trying when a carrier does', async () => {
    await expect(asked()).rejects.toMatchObject({ kind: 'unknown-order', status: 404 })
    await expect(told()).rejects.toThrow('not known here')
    await domain.given(placed('o1'))
    await expect(told()).rejects.toThrow('which is pending')
    expect(await domain.rows('select id from inbox')).toEqual([])
  })

  test('lets nobody outside pass for a broker: the door for requests hears no event', async () => {
    const keys = await tokens()
    const env = { ...keys.env, DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' }
    const door = await serve(
      deliverOrderFunction(domain.operation, { callers: openCallers, database: openDatabase }, env),
    )
    const forged = {
      'ce-specversion': '1.0',
      'ce-id': 'e',
      'ce-source': '/x',
      'ce-type': ParcelDelivered.type,
    }
    const post = (headers: object) =>
      fetch(`${door.url}/v1/orders/o1/delivery`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...forged, ...headers },
        body: JSON.stringify({ orderId: 'o1', deliveredAt: DELIVERED_AT }),
      })

    const answers = [await post({}), await post({ authorization: await keys.bearer('ada') })]
    await door.close()

    expect(answers.map((answer) => answer.status)).toEqual([401, 403])
  })
})
