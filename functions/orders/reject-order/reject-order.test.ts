import { OrderRejected } from '#events/orders/order-rejected.v1/event'
import { openDomain } from '#support/domain'
import { placed } from '#support/orders'
import { rejectOrder } from './handler'

const EXHAUSTED = {
  orderId: 'o1',
  shortages: [{ sku: 'TEA', wanted: 2, available: 1 }],
  exhaustedAt: '2026-03-01T09:59:59.000Z',
}

describe('reject-order', () => {
  const domain = openDomain('orders/reject-order')

  test('rejects a pending order once and names what is missing', async () => {
    await domain.given(placed('o1'))

    await Promise.all([
      rejectOrder(EXHAUSTED, domain.eventDeps('e1')),
      rejectOrder(EXHAUSTED, domain.eventDeps('e1')),
    ])

    const fact = { orderId: 'o1', customerId: 'ada', skus: ['TEA'], rejectedAt: '2026-03-01T10:00:00.000Z' }
    expect(await domain.emitted()).toEqual([[OrderRejected.type, fact]])
    expect(await domain.rows('select status from orders')).toEqual([{ status: 'rejected' }])
  })

  test('leaves a cancelled order alone', async () => {
    await domain.given(placed('o1', { status: 'cancelled' }))

    await rejectOrder(EXHAUSTED, domain.eventDeps())

    expect(await domain.emitted()).toEqual([])
  })
})
