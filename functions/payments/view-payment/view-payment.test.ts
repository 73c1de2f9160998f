import { openDomain } from '#support/domain'
import { awaited, ordersShowing, tried } from '#support/payments'
import { viewPayment } from './handler'

describe('view-payment', () => {
  const domain = openDomain('payments/view-payment')
  const view = (orderId: string, over = {}, viewOrder = ordersShowing()) =>
    viewPayment({ id: orderId }, Object.assign(domain.deps(over), { viewOrder }))

  test.each([
    ['its customer', 'ada'],
    ['staff', { id: 'bob', role: 'staff' as const }],
    ['an admin', { id: 'eve', role: 'admin' as const }],
  ])('shows a payment to %s', async (_, caller) => {
    await domain.given(awaited('o1'), tried('o1', { method: 'pm_decline', state: 'declined' }))
    await domain.given((db) => db.query(`update attempts set reason = 'card_declined'`))
    await domain.given(tried('o1', { attempt: 2, state: 'pending', at: '2026-03-01T10:01:00Z' }))

    const reply = await view('o1', { caller })

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

    const { body } = await view('o1')

    expect(body).toMatchObject({ status: 'none', amount: 900, captured: 0, refunded: 0, currency: 'EUR' })
    expect(body).toMatchObject({ attempts: [{ status: 'declined' }] })
  })

  test("does not let on that another customer's payment exists", async () => {
    await domain.given(awaited('o1'))

    const refused = { kind: 'unknown-payment', status: 404 }
    await expect(view('o1', { caller: 'bob' }, ordersShowing({ status: 'pending' }))).rejects.toMatchObject(
      refused,
    )
    await expect(view('o2')).rejects.toMatchObject(refused)
  })

  test.each([
    ['pending', 'none', 'none'],
    ['awaiting-payment', 'awaited', 'awaited'],
    ['rejected', 'none', 'none'],
  ])(
    'shows of an order that payments have not heard of, and is %s, what orders know',
    async (status, of, shown) => {
      const reply = await view('o1', {}, ordersShowing({ status, payment: { status: of } }))

      const figures = { amount: 900, captured: 0, refunded: 0, currency: 'EUR', attempts: [] }
      expect(reply.body).toEqual({ orderId: 'o1', status: shown, ...figures })
    },
  )

  test('shows what an order would have cost that was off before payments heard of it', async () => {
    await domain.given(awaited('o1', { status: 'closed' }), (db) =>
      db.query(`update payments set amount = 0, currency = 'XXX'`),
    )

    const { body } = await view('o1', {}, ordersShowing({ status: 'rejected' }))

    expect(body).toMatchObject({ status: 'none', amount: 900, currency: 'EUR', attempts: [] })
  })
})
