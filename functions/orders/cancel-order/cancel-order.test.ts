import { OrderCancelled } from '#events/orders/order-cancelled.v1/event'
import { RefundDue } from '#events/orders/refund-due.v1/event'
import type { Caller } from '#runtime/caller'
import { openDomain } from '#support/domain'
import { MIXED, paid, placed } from '#support/orders'
import { confirmOrder } from '../confirm-order/handler'
import { shipOrder } from '../ship-order/handler'
import { cancelOrder } from './handler'

const STAFF = { id: 'bob', role: 'staff' } as const
const REASON = 'Ordered by mistake.'
const CAPTURED = {
  ...{ orderId: 'o1', customerId: 'ada', chargeId: 'ch_1', amount: 900, currency: 'EUR' },
  capturedAt: '2026-03-01T09:59:59.000Z',
}

describe('cancel-order', () => {
  const domain = openDomain('orders/cancel-order')
  // Others that change an order race with a cancellation below, in this one's database.
  domain.operation.emits!.push('orders/order-confirmed.v1', 'orders/order-shipped.v1')
  const cancel = (caller: string | Partial<Caller> = 'ada', id = 'o1') =>
    cancelOrder({ id, reason: REASON }, domain.deps({ caller }))
  const types = async () => (await domain.emitted()).map(([type]) => type).sort()
  const fact = { orderId: 'o1', customerId: 'ada', reason: REASON, cancelledAt: '2026-03-01T10:00:00.000Z' }

  test.each(['pending', 'awaiting-payment'])(
    'ends an order that is %s, and nothing is awaited any more',
    async (status) => {
      await domain.given(placed('o1', { status, paymentStatus: 'awaited' }))

      expect(await cancel()).toEqual({ status: 202, body: { orderId: 'o1', status: 'cancelled' } })

      expect(await domain.emitted()).toEqual([[OrderCancelled.type, fact]])
      expect(await domain.rows('select status, payment_status from orders')).toEqual([
        { status: 'cancelled', payment_status: 'none' },
      ])
    },
  )

  test('ends an order that is paid and gives back all that was paid', async () => {
    await domain.given(paid('o1', 'confirmed', { lines: MIXED }))

    await cancel()

    expect(await domain.emitted()).toEqual([
      [OrderCancelled.type, fact],
      [
        RefundDue.type,
        {
          ...{ orderId: 'o1', customerId: 'ada', chargeId: 'ch_1', refundKey: 'cancellation', amount: 2198 },
          ...{ currency: 'EUR', reason: 'The order was cancelled.', dueAt: '2026-03-01T10:00:00.000Z' },
        },
      ],
    ])
    expect(await domain.rows('select payment_status from orders')).toEqual([{ payment_status: 'captured' }])
  })

  test('gives nothing back for an order that cost nothing', async () => {
    await domain.given(
      paid('o1', 'confirmed', { lines: [{ sku: 'A', name: 'A', quantity: 1, unitPrice: 0 }] }),
    )

    await cancel()

    expect(await types()).toEqual([OrderCancelled.type])
  })

  test.each([
    ['its customer', 'ada', 'customer'],
    ['staff', STAFF, 'staff'],
    ['an admin', { id: 'eve', role: 'admin' as const }, 'staff'],
  ])('says in the timeline that %s did it, and why', async (_, caller, by) => {
    await domain.given(placed('o1'))

    await cancel(caller)

    expect(await domain.rows('select step, status, details from order_steps')).toEqual([
      { step: 'cancelled', status: 'cancelled', details: { reason: REASON, by } },
    ])
  })

  test.each(['shipped', 'delivered', 'returned', 'rejected', 'cancelled'])(
    'refuses an order that is %s and leaves no trace',
    async (status) => {
      await domain.given(paid('o1', status))

      await expect(cancel()).rejects.toMatchObject({ kind: 'order-closed', status: 409 })
      expect(await domain.emitted()).toEqual([])
      expect(await domain.rows('select status from orders')).toEqual([{ status }])
    },
  )

  test("does not let on that another customer's order exists", async () => {
    await domain.given(placed('o1'))

    const refused = { kind: 'unknown-order', status: 404 }
    await expect(cancel('bob')).rejects.toMatchObject(refused)
    await expect(cancel('ada', 'o2')).rejects.toMatchObject(refused)
    expect(await domain.emitted()).toEqual([])
  })

  test('of many cancellations at once one succeeds, and the money goes back once', async () => {
    await domain.given(paid('o1', 'confirmed'))

    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => cancel()))

    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await types()).toEqual([OrderCancelled.type, RefundDue.type])
  })

  test('whatever comes first of a cancellation and a payment, the money goes back once', async () => {
    for (let round = 0; round < 20; round++) {
      const id = `race-${round}`
      await domain.given(placed(id, { status: 'awaiting-payment' }))

      const told = () =>
        confirmOrder({ ...CAPTURED, orderId: id, chargeId: `ch_${round}` }, domain.eventDeps())
      await Promise.all(
        round % 2 === 0 ? [cancel('ada', id), told(), told()] : [told(), cancel('ada', id), told()],
      )

      const refunds = (await domain.emitted()).filter(
        ([type, data]) => type === RefundDue.type && (data as RefundDue).orderId === id,
      )
      expect(refunds.map(([, data]) => (data as RefundDue).amount)).toEqual([900])
      expect(await domain.rows('select status from orders where id = $1', [id])).toEqual([
        { status: 'cancelled' },
      ])
    }
  })

  test('an order is never both cancelled and shipped', async () => {
    for (let round = 0; round < 20; round++) {
      const id = `race-${round}`
      await domain.given(paid(id, 'confirmed'))

      const tries = await Promise.allSettled([
        shipOrder({ id }, domain.deps({ caller: STAFF })),
        cancel('ada', id),
      ])

      expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const steps = await domain.rows('select step from order_steps where order_id = $1', [id])
      const [{ step }] = steps.filter(({ step }: { step?: string }) => step !== 'refund-due') as [
        { step: string },
      ]
      expect(await domain.rows('select status from orders where id = $1', [id])).toEqual([{ status: step }])
    }
  })
})
