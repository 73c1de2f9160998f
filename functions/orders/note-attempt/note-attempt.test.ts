import { openDomain } from '#support/domain'
import { placed } from '#support/orders'
import { noteDecline } from '../note-decline/handler'
import { noteAttempt } from './handler'

const ABOUT = { orderId: 'o1', customerId: 'ada' }

describe('note-attempt', () => {
  const domain = openDomain('orders/note-attempt')
  const awaited = (attempt?: number) => () =>
    noteAttempt(
      {
        ...{ ...ABOUT, amount: 900, currency: 'EUR', awaitedAt: '2026-03-01T09:59:59.000Z' },
        ...(attempt !== undefined && { attempt }),
      },
      domain.eventDeps(`awaited-${attempt}`),
    )
  const declined = (attempt: number) => () =>
    noteDecline(
      { ...ABOUT, attempt, reason: `reason-${attempt}`, declinedAt: '2026-03-01T09:59:59.000Z' },
      domain.eventDeps(`declined-${attempt}`),
    )
  const payment = async () =>
    (await domain.rows('select payment_status as status, payment_reason as reason from orders'))[0]

  test.each([
    ['a second try after a decline', [declined(1), awaited(2)], 'awaited', null],
    ['a second try that was declined too', [declined(1), awaited(2), declined(2)], 'declined', 'reason-2'],
    ['a try that is heard of after its end', [declined(1), declined(2), awaited(2)], 'declined', 'reason-2'],
    ['a decline that is heard of after the next try', [awaited(2), declined(1)], 'awaited', null],
    ['a decline that is heard of after the next one', [declined(2), declined(1)], 'declined', 'reason-2'],
    ['each of them twice', [declined(1), declined(1), awaited(2), awaited(2)], 'awaited', null],
    ['an order that waits for its first try', [awaited(), declined(1)], 'declined', 'reason-1'],
  ])('shows of %s what holds', async (_, events, status, reason) => {
    await domain.given(placed('o1', { status: 'awaiting-payment', paymentStatus: 'awaited' }))

    for (const arrives of events) await arrives()

    expect(await payment()).toEqual({ status, reason })
  })

  test('changes nothing in an order that is paid', async () => {
    await domain.given(placed('o1', { status: 'confirmed', paymentStatus: 'captured' }))

    await awaited(2)()

    expect(await payment()).toEqual({ status: 'captured', reason: null })
  })
})
