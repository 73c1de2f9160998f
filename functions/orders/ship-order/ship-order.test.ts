import { OrderDelivered } from '#events/orders/order-delivered.v1/event'
import { OrderShipped } from '#events/orders/order-shipped.v1/event'
import { openDomain } from '#support/domain'
import { MIXED, paid } from '#support/orders'
import { shipOrder } from './handler'

const LINES = MIXED.map(({ sku, quantity }) => ({ sku, quantity }))
const PARCEL = { carrier: 'Royal Mail', trackingNumber: 'JD014600006281230701' }

describe('ship-order', () => {
  const domain = openDomain('orders/ship-order')
  const ship = (input = {}) => shipOrder({ id: 'o1', ...input }, domain.deps({ caller: { role: 'staff' } }))

  test('notes that a paid order has left, with what and by whom', async () => {
    await domain.given(paid('o1', 'confirmed', { lines: MIXED }))

    expect(await ship(PARCEL)).toEqual({ status: 202, body: { orderId: 'o1', status: 'shipped' } })

    const fact = { orderId: 'o1', customerId: 'ada', lines: LINES, ...PARCEL }
    expect(await domain.emitted()).toEqual([
      [OrderShipped.type, { ...fact, shippedAt: '2026-03-01T10:00:00.000Z' }],
    ])
    expect(await domain.rows('select step, status, details from order_steps')).toEqual([
      { step: 'shipped', status: 'shipped', details: PARCEL },
    ])
  })

  test('notes the delivery too when the carrier has told of it already', async () => {
    await domain.given(paid('o1', 'confirmed'), (db) =>
      db.query(`update orders set parcel_delivered_at = '2026-03-01T09:00:00Z'`),
    )

    const reply = await ship()

    expect(reply.body).toEqual({ orderId: 'o1', status: 'delivered' })
    expect((await domain.emitted()).map(([type]) => type)).toEqual([OrderShipped.type, OrderDelivered.type])
    expect((await domain.emitted())[1]![1]).toMatchObject({ deliveredAt: '2026-03-01T09:00:00Z' })
  })

  test.each(['pending', 'awaiting-payment', 'shipped', 'delivered', 'returned', 'rejected', 'cancelled'])(
    'refuses an order that is %s and leaves no trace',
    async (status) => {
      await domain.given(paid('o1', status))

      await expect(ship()).rejects.toMatchObject({ kind: 'order-closed', status: 409 })
      expect(await domain.emitted()).toEqual([])
    },
  )

  test('does not know an order that was never placed', async () => {
    await expect(ship()).rejects.toMatchObject({ kind: 'unknown-order', status: 404 })
  })

  test('ships once, however many say so at once', async () => {
    await domain.given(paid('o1', 'confirmed'))

    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => ship()))

    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await domain.emitted()).toHaveLength(1)
  })
})
