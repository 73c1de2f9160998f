import { openDomain } from '#support/domain'
import { ADDRESS, placed } from '#support/orders'
import { viewOrder } from './handler'

describe('view-order', () => {
  const domain = openDomain('orders/view-order')

  test.each([
    ['its customer', 'ada'],
    ['staff', { id: 'bob', role: 'staff' as const }],
    ['an admin', { id: 'eve', role: 'admin' as const }],
  ])('shows an order to %s', async (_, caller) => {
    await domain.given(placed('o1'))

    const reply = await viewOrder({ id: 'o1' }, domain.deps({ caller }))

    expect(reply.body).toEqual({
      orderId: 'o1',
      status: 'pending',
      lines: [{ sku: 'TEA', name: 'Tea', quantity: 2, unitPrice: 450 }],
      total: 900,
      currency: 'EUR',
      placedAt: '2026-03-01T09:00:00.000Z',
      shippingAddress: { ...ADDRESS },
      payment: { status: 'none' },
    })
  })

  test("does not let on that another customer's order exists", async () => {
    await domain.given(placed('o1'))

    const refused = { kind: 'unknown-order', status: 404 }
    await expect(viewOrder({ id: 'o1' }, domain.deps({ caller: 'bob' }))).rejects.toMatchObject(refused)
    await expect(viewOrder({ id: 'o2' }, domain.deps())).rejects.toMatchObject(refused)
  })
})
