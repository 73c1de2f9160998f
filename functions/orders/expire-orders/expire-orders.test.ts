import { OrderCancelled } from '#events/orders/order-cancelled.v1/event'
import { openDomain } from '#support/domain'
import { paid, placed } from '#support/orders'
import { expireOrders } from './handler'

const DAY_AGO = '2026-02-28T10:00:00.000Z'
const YOUNGER = '2026-02-28T10:00:00.001Z'

describe('expire-orders', () => {
  const domain = openDomain('orders/expire-orders')
  const unpaid = (id: string, acceptedAt: string) =>
    placed(id, { status: 'awaiting-payment', paymentStatus: 'awaited', acceptedAt })
  const statuses = () => domain.rows('select id, status from orders order by id')

  test('cancels what was not paid for 24 hours, and not a millisecond before', async () => {
    await domain.given(unpaid('o1', DAY_AGO), unpaid('o2', YOUNGER))

    expect(await expireOrders(domain.eventDeps())).toBe('more')

    const fact = { orderId: 'o1', customerId: 'ada', reason: 'It was not paid within 24 hours.' }
    expect(await domain.emitted()).toEqual([
      [OrderCancelled.type, { ...fact, cancelledAt: '2026-03-01T10:00:00.000Z' }],
    ])
    expect(await statuses()).toEqual([
      { id: 'o1', status: 'cancelled' },
      { id: 'o2', status: 'awaiting-payment' },
    ])
    expect(await domain.rows('select step, details from order_steps')).toEqual([
      { step: 'cancelled', details: { reason: fact.reason, by: 'deadline' } },
    ])

    domain.at('2026-03-01T10:00:00.001Z')
    expect(await expireOrders(domain.eventDeps())).toBe('idle')
    expect(await domain.emitted()).toHaveLength(2)
  })

  test('leaves alone what is paid, over, or not accepted yet, however old', async () => {
    const old = { acceptedAt: '2026-01-01T00:00:00Z', at: '2026-01-01T00:00:00Z' }
    await domain.given(
      placed('o1', { at: old.at }),
      ...['confirmed', 'shipped', 'delivered'].map((status, nth) => paid(`o${nth + 2}`, status, old)),
      placed('o5', { status: 'cancelled', ...old }),
    )
    const before = await statuses()

    expect(await expireOrders(domain.eventDeps())).toBe('idle')

    expect(await domain.emitted()).toEqual([])
    expect(await statuses()).toEqual(before)
  })

  test('cancels each of many once, also when several ticks work at once', async () => {
    await domain.given(...Array.from({ length: 120 }, (_, nth) => unpaid(`o${nth}`, DAY_AGO)))

    await Promise.all([1, 2, 3, 4].map(() => expireOrders(domain.eventDeps())))
    await expireOrders(domain.eventDeps())

    const cancelled = (await domain.emitted()).map(([, data]) => (data as OrderCancelled).orderId)
    expect(cancelled).toHaveLength(120)
    expect(new Set(cancelled).size).toBe(120)
  })
})
