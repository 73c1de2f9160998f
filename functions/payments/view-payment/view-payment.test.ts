import { openDomain } from '#support/domain'
import { awaited, tried } from '#support/payments'
import { viewPayment } from './handler'

describe('view-payment', () => {
  const domain = openDomain('payments/view-payment')

  test.each([
    ['its customer', 'ada'],
    ['staff', { id: 'bob', role: 'staff' as const }],
    ['an admin', { id: 'eve', role: 'admin' as const }],
  ])('shows a payment to %s', async (_, caller) => {
    await domain.given(awaited('o1'), tried('o1', { method: 'pm_decline', state: 'declined' }))
    await domain.given((db) => db.query(`update attempts set reason = 'card_declined'`))
    await domain.given(tried('o1', { attempt: 2, state: 'pending', at: '2026-03-01T10:01:00Z' }))

    const reply = await viewPayment({ id: 'o1' }, domain.deps({ caller }))

    expect(reply.body).toEqual({
      ...{ orderId: 'o1', status: 'awaited', amount: 900, captured: 0, refunded: 0, currency: 'EUR' },
      attempts: [
        {
          attempt: 1,
          paymentMethod: 'pm_decline',
          status: 'declined',
          reason: 'card_declined',
          startedAt: '2026-03-01T10:00:00.000Z',
        },
        {
          attempt: 2,
          paymentMethod: 'pm_approve',
          status: 'awaited',
          startedAt: '2026-03-01T10:01:00.000Z',
        },
      ],
    })
  })

  test('shows that there is nothing to pay for an order that is off', async () => {
    await domain.given(awaited('o1', { status: 'closed' }), tried('o1', { state: 'declined' }))

    const { body } = await viewPayment({ id: 'o1' }, domain.deps())

    expect(body).toMatchObject({ status: 'none', amount: 900, captured: 0, refunded: 0, currency: 'EUR' })
    expect(body).toMatchObject({ attempts: [{ status: 'declined' }] })
  })

  test("does not let on that another customer's payment exists", async () => {
    await domain.given(awaited('o1'))

    const refused = { kind: 'unknown-payment', status: 404 }
    await expect(viewPayment({ id: 'o1' }, domain.deps({ caller: 'bob' }))).rejects.toMatchObject(refused)
    await expect(viewPayment({ id: 'o2' }, domain.deps())).rejects.toMatchObject(refused)
  })
})
