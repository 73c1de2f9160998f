import type { PaymentRefunded } from '#events/payments/payment-refunded.v1/event'
import { openDomain } from '#support/domain'
import { paid, placed } from '#support/orders'
import { noteRefund } from './handler'

const refunded = (refundKey: string, amount: number, chargeId = 'ch_1'): PaymentRefunded => ({
  ...{ orderId: 'o1', customerId: 'ada', chargeId, refundKey, amount, currency: 'EUR' },
  refundedAt: '2026-03-01T09:59:59.000Z',
})

describe('note-refund', () => {
  const domain = openDomain('orders/note-refund')
  const note = (refund: PaymentRefunded, id?: string) => noteRefund(refund, domain.eventDeps(id))
  const payment = async () =>
    (await domain.rows<{ payment_status: string }>('select payment_status from orders'))[0]!.payment_status
  const steps = () => domain.rows('select step, status, details from order_steps order by sequence')

  test('shows that a part has gone back, and then all of it', async () => {
    await domain.given(paid('o1', 'delivered'))

    await note(refunded('return/1', 450))
    const between = await payment()
    await note(refunded('return/2', 450))

    expect([between, await payment()]).toEqual(['partly-refunded', 'refunded'])
    const step = { step: 'refunded', status: 'delivered', details: { amount: 450, currency: 'EUR' } }
    expect(await steps()).toEqual([step, step])
  })

  test('counts a refund once, however often it is told and by how many events', async () => {
    await domain.given(paid('o1', 'delivered'))

    await Promise.all(['e1', 'e1', 'e2', 'e3'].map((id) => note(refunded('return/1', 450), id)))

    expect(await payment()).toBe('partly-refunded')
    expect(await steps()).toHaveLength(1)
  })

  test('is refunded when both halves are told at the same moment', async () => {
    for (let round = 0; round < 20; round++) {
      await domain.given((db) => db.query('truncate orders cascade'), paid('o1', 'returned'))

      await Promise.all([note(refunded('return/1', 450)), note(refunded('return/2', 450))])

      expect(await payment()).toBe('refunded')
    }
  })

  test('completes what was noted as due', async () => {
    await domain.given(paid('o1', 'cancelled'), (db) =>
      db.query(
        `insert into refunds (order_id, refund_key, charge_id, amount, currency, lines, due_at)
         values ('o1', 'cancellation', 'ch_1', 900, 'EUR', '[{"sku": "TEA", "quantity": 2, "unitPrice": 450}]',
                 '2026-03-01T09:00:00Z')`,
      ),
    )

    await note(refunded('cancellation', 900))

    expect(await payment()).toBe('refunded')
    expect(await domain.rows('select lines, refunded_at is not null as done from refunds')).toEqual([
      { lines: [{ sku: 'TEA', quantity: 2, unitPrice: 450 }], done: true },
    ])
  })

  test('leaves the payment that the order stands on when another one is given back', async () => {
    await domain.given(paid('o1', 'confirmed'))

    await note(refunded('late/ch_2', 900, 'ch_2'))

    expect(await payment()).toBe('captured')
    expect(await steps()).toHaveLength(1)
  })

  test('keeps trying when it does not know the order', async () => {
    await domain.given(placed('o2'))

    await expect(note(refunded('return/1', 450))).rejects.toThrow('not known here')
    expect(await domain.rows('select id from inbox')).toEqual([])
  })
})
