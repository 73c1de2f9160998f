import { OrderConfirmed } from '#events/orders/order-confirmed.v1/event'
import { RefundDue } from '#events/orders/refund-due.v1/event'
import { openDomain } from '#support/domain'
import { placed } from '#support/orders'
import { confirmOrder } from './handler'

const captured = (chargeId = 'ch_1') => ({
  ...{ orderId: 'o1', customerId: 'ada', chargeId, amount: 900, currency: 'EUR' },
  capturedAt: '2026-03-01T09:59:59.000Z',
})

describe('confirm-order', () => {
  const domain = openDomain('orders/confirm-order')
  const emittedTypes = async () => (await domain.emitted()).map(([type]) => type)

  test('confirms an order that is paid', async () => {
    await domain.given(placed('o1', { status: 'awaiting-payment' }))

    await confirmOrder(captured(), domain.eventDeps())

    expect(await emittedTypes()).toEqual([OrderConfirmed.type])
    expect(await domain.rows('select status, payment_status, charge_id from orders')).toEqual([
      { status: 'confirmed', payment_status: 'captured', charge_id: 'ch_1' },
    ])
  })

  test('keeps one of two captures and gives the other back', async () => {
    await domain.given(placed('o1', { status: 'awaiting-payment' }))

    await Promise.all([
      confirmOrder(captured('ch_1'), domain.eventDeps('e1')),
      confirmOrder(captured('ch_2'), domain.eventDeps('e2')),
    ])

    expect((await emittedTypes()).sort()).toEqual([OrderConfirmed.type, RefundDue.type])
    const [{ charge_id: kept }] = (await domain.rows<{ charge_id: string }>(
      'select charge_id from orders',
    )) as [{ charge_id: string }]
    const refund = (await domain.emitted()).find(([type]) => type === RefundDue.type)![1]
    expect(refund).toMatchObject({ chargeId: kept === 'ch_1' ? 'ch_2' : 'ch_1', amount: 900 })
  })

  test('does nothing when the same capture is told again by another event', async () => {
    await domain.given(placed('o1', { status: 'awaiting-payment' }))

    await confirmOrder(captured(), domain.eventDeps('e1'))
    await confirmOrder(captured(), domain.eventDeps('e2'))

    expect(await emittedTypes()).toEqual([OrderConfirmed.type])
  })

  test.each(['cancelled', 'rejected'])('gives the money back when the order is %s', async (status) => {
    await domain.given(placed('o1', { status }))

    await confirmOrder(captured(), domain.eventDeps())

    const reason = `The order was ${status} when the payment arrived.`
    expect(await domain.emitted()).toEqual([
      [RefundDue.type, expect.objectContaining({ refundKey: 'late/ch_1', amount: 900, reason }) as object],
    ])
  })

  test('shows in an order that is off that it was paid, and gives two such payments back, each once', async () => {
    await domain.given(placed('o1', { status: 'cancelled' }))

    await Promise.all(
      ['ch_1', 'ch_2', 'ch_1', 'ch_2'].map((chargeId) =>
        confirmOrder(captured(chargeId), domain.eventDeps()),
      ),
    )

    const keys = (await domain.emitted()).map(([, data]) => (data as RefundDue).refundKey)
    expect(keys.sort()).toEqual(['late/ch_1', 'late/ch_2'])
    expect(await domain.rows('select status, payment_status from orders')).toEqual([
      { status: 'cancelled', payment_status: 'captured' },
    ])
  })

  test.each([
    ['less', { amount: 100 }],
    ['more', { amount: 901 }],
    ['as much in another currency', { currency: 'JPY' }],
  ])('gives back what is %s than the order costs, and waits for what it does', async (_, other) => {
    await domain.given(placed('o1', { status: 'awaiting-payment' }))
    const wrong = { ...captured('ch_1'), ...other }

    await confirmOrder(wrong, domain.eventDeps('e1'))
    await confirmOrder(captured('ch_2'), domain.eventDeps('e2'))

    const { amount, currency } = wrong
    const reason = 'Another amount was taken than the order costs.'
    const refund = { refundKey: 'late/ch_1', chargeId: 'ch_1', amount, currency, reason }
    expect(await domain.emitted()).toEqual([
      [RefundDue.type, expect.objectContaining(refund)],
      [OrderConfirmed.type, expect.objectContaining({ total: 900 })],
    ])
    expect(await domain.rows('select status, charge_id from orders')).toEqual([
      { status: 'confirmed', charge_id: 'ch_2' },
    ])
  })

  test('keeps trying when it does not know the order', async () => {
    await expect(confirmOrder(captured(), domain.eventDeps())).rejects.toThrow('not known here')
  })
})
