import { OrderAccepted } from '#events/orders/order-accepted.v1/event'
import { openDomain } from '#support/domain'
import { placed } from '#support/orders'
import { acceptOrder } from './handler'

const RESERVED = { orderId: 'o1', reservedAt: '2026-03-01T09:59:59.000Z' }

describe('accept-order', () => {
  const domain = openDomain('orders/accept-order')

  test('accepts a pending order and says how it will be paid', async () => {
    await domain.given(placed('o1', { paymentMethod: 'pm_approve' }))

    await acceptOrder(RESERVED, domain.eventDeps())

    const fact = {
      orderId: 'o1',
      customerId: 'ada',
      total: 900,
      currency: 'EUR',
      paymentMethod: 'pm_approve',
    }
    expect(await domain.emitted()).toEqual([
      [OrderAccepted.type, { ...fact, acceptedAt: '2026-03-01T10:00:00.000Z' }],
    ])
    expect(await domain.rows('select status, payment_status, accepted_at from orders')).toEqual([
      {
        status: 'awaiting-payment',
        payment_status: 'awaited',
        accepted_at: new Date('2026-03-01T10:00:00.000Z'),
      },
    ])
  })

  test('accepts once, however often and however many at a time it is told', async () => {
    await domain.given(placed('o1'))

    const told = Array.from({ length: 10 }, (_, index) =>
      acceptOrder(RESERVED, domain.eventDeps(`e${index % 2}`)),
    )
    await Promise.all(told)

    expect(await domain.emitted()).toHaveLength(1)
    expect(await domain.rows('select step from order_steps')).toEqual([{ step: 'accepted' }])
  })

  test.each(['cancelled', 'rejected', 'confirmed'])('leaves an order alone that is %s', async (status) => {
    await domain.given(placed('o1', { status }))

    await acceptOrder(RESERVED, domain.eventDeps())

    expect(await domain.emitted()).toEqual([])
    expect(await domain.rows('select status from orders')).toEqual([{ status }])
  })
})
