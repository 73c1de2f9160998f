import { PaymentReminderDue } from '#events/orders/payment-reminder-due.v1/event'
import { openDomain } from '#support/domain'
import { placed } from '#support/orders'
import { remindPayment } from './handler'

const ACCEPTED = '2026-03-01T00:00:00.000Z'

describe('remind-payment', () => {
  const domain = openDomain('orders/remind-payment')
  const unpaid = (id = 'o1') => placed(id, { status: 'awaiting-payment', acceptedAt: ACCEPTED })
  const tickAt = (time: string) => {
    domain.at(`2026-03-01T${time}Z`)
    return remindPayment(domain.eventDeps())
  }
  const hours = async () => (await domain.emitted()).map(([, data]) => (data as PaymentReminderDue).hours)

  test('reminds 4, 8 and 16 hours after acceptance, each time once, and then no more', async () => {
    await domain.given(unpaid())

    const outcomes = []
    for (const time of [
      '03:59:59.999',
      '04:00:00',
      '04:01:00',
      '07:59:00',
      '08:00:00',
      '15:59:00',
      '16:00:00',
    ]) {
      outcomes.push([time, await tickAt(time), (await hours()).length])
    }
    await tickAt('23:59:59.999')

    expect(outcomes).toEqual([
      ['03:59:59.999', 'more', 0],
      ['04:00:00', 'more', 1],
      ['04:01:00', 'more', 1],
      ['07:59:00', 'more', 1],
      ['08:00:00', 'more', 2],
      ['15:59:00', 'more', 2],
      ['16:00:00', 'idle', 3],
    ])
    expect(await hours()).toEqual([4, 8, 16])
    expect((await domain.emitted())[0]).toEqual([
      PaymentReminderDue.type,
      {
        ...{ orderId: 'o1', customerId: 'ada', total: 900, currency: 'EUR', hours: 4 },
        deadline: '2026-03-02T00:00:00.000Z',
      },
    ])
    expect(await domain.rows('select step, details from order_steps order by sequence')).toEqual(
      [4, 8, 16].map((hours) => ({ step: 'reminded', details: { hours } })),
    )
  })

  test.each([
    ['09:30:00', [8]],
    ['20:00:00', [16]],
    ['23:59:59', [16]],
  ])('gives only the latest reminder when nothing ran until %s', async (time, due) => {
    await domain.given(unpaid())

    await tickAt(time)
    await tickAt(time)

    expect(await hours()).toEqual(due)
  })

  test('does not remind of an order whose deadline has passed', async () => {
    await domain.given(unpaid())
    domain.at('2026-03-02T00:00:00Z')

    await remindPayment(domain.eventDeps())

    expect(await domain.emitted()).toEqual([])
  })

  test.each(['pending', 'confirmed', 'cancelled', 'rejected'])(
    'does not remind of an order that is %s',
    async (status) => {
      await domain.given(placed('o1', { status, acceptedAt: ACCEPTED }))

      expect(await tickAt('10:00:00')).toBe('idle')

      expect(await domain.emitted()).toEqual([])
    },
  )

  test('reminds of each of many orders once, also when several ticks work at once', async () => {
    const ids = Array.from({ length: 250 }, (_, nth) => `o${nth}`)
    await domain.given(...ids.map(unpaid))

    await Promise.all([1, 2, 3, 4].map(() => tickAt('04:30:00')))
    await tickAt('04:31:00')

    const reminded = (await domain.emitted()).map(([, data]) => (data as PaymentReminderDue).orderId)
    expect(reminded.sort()).toEqual(ids.sort())
  })
})
