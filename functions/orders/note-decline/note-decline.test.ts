import { openDomain } from '#support/domain'
import { placed } from '#support/orders'
import { noteDecline } from './handler'

const DECLINED = {
  ...{ orderId: 'o1', customerId: 'ada', attempt: 1, reason: 'card_declined' },
  declinedAt: '2026-03-01T09:59:59.000Z',
}

describe('note-decline', () => {
  const domain = openDomain('orders/note-decline')

  test.each([
    ['awaiting-payment', 'declined', 'card_declined'],
    ['confirmed', 'none', null],
  ])('an order that is %s has payment %s', async (status, payment_status, payment_reason) => {
    await domain.given(placed('o1', { status }))

    await noteDecline(DECLINED, domain.eventDeps('e1'))
    await noteDecline(DECLINED, domain.eventDeps('e1'))

    expect(await domain.rows('select status, payment_status, payment_reason from orders')).toEqual([
      { status, payment_status, payment_reason },
    ])
    expect(await domain.rows('select step from order_steps')).toHaveLength(
      payment_status === 'declined' ? 1 : 0,
    )
  })
})
