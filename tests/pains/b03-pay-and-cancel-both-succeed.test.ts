import { RefundDue } from '#events/orders/refund-due.v1/event'
import { atOnce } from '#support/carts'
import { placed } from '#support/orders'
import { openWholeShop } from '#support/whole-shop'
import { confirmOrder } from '../../functions/orders/confirm-order/handler'

const YESTERDAY = '2026-02-28T09:00:00Z'

/**
 * The seed read an order without a lock, and locked by the id of the request and not of the order: two payments both
 * succeeded, and so did a payment and a cancellation, by its customer or by the clock.
 */
describe('B3: pay and cancel both succeed', () => {
  const shop = openWholeShop()
  const { orders, payments } = shop
  const unpaid = (id: string) =>
    orders.given(placed(id, { status: 'awaiting-payment', acceptedAt: YESTERDAY }))
  const captured = (orderId: string) => {
    const money = { amount: 900, currency: 'EUR', capturedAt: '2026-03-01T09:59:59.000Z' }
    return confirmOrder(
      { orderId, customerId: 'ada', chargeId: `ch_${orderId}`, ...money },
      orders.eventDeps(),
    )
  }
  const endOf = async (orderId: string) => {
    const [{ status }] = (await orders.rows<{ status: string }>('select status from orders where id = $1', [
      orderId,
    ])) as [{ status: string }]
    const steps = await orders.rows<{ step: string }>(
      'select step from order_steps where order_id = $1 order by sequence',
      [orderId],
    )
    const refunds = (await orders.emitted()).flatMap(([type, data]) =>
      type === RefundDue.type && (data as RefundDue).orderId === orderId ? [(data as RefundDue).amount] : [],
    )
    return { status, steps: steps.map(({ step }) => step).filter((step) => step !== 'refund-due'), refunds }
  }

  test('B3: of a payment and the deadline at the same moment one comes first, and the order is one or the other', async () => {
    for (let round = 0; round < 20; round++) {
      const id = `o${round}`
      await unpaid(id)

      await Promise.all(
        atOnceIn(round, [() => captured(id), () => shop.expire(), () => captured(id), () => shop.expire()]),
      )

      const { status, steps, refunds } = await endOf(id)
      expect(steps).toEqual([status])
      expect(refunds).toEqual(status === 'cancelled' ? [900] : [])
    }
  })

  test('B3: payments, cancellations and the deadline at the same moment end in one cancellation and one refund', async () => {
    for (let round = 0; round < 15; round++) {
      const id = `o${round}`
      await unpaid(id)
      const steps = [() => captured(id), () => shop.cancel(id), () => shop.expire()]

      const outcomes = await Promise.allSettled(atOnceIn(round, [...steps, ...steps, ...steps]))

      const end = await endOf(id)
      expect(end.status).toBe('cancelled')
      expect(end.steps.filter((step) => step === 'cancelled')).toHaveLength(1)
      expect(['cancelled', 'confirmed,cancelled']).toContain(end.steps.join())
      expect(end.refunds).toEqual([900])
      const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
      for (const reason of refused) expect(reason).toMatchObject({ kind: 'order-closed' })
    }
  })

  test('B3: of many payments of one order at the same moment one takes money, and a cancellation gives it back', async () => {
    await shop.sells('TEA', 450, 10)
    const id = await shop.place({ TEA: 2 })
    await shop.settle()

    const paid = atOnce(20, (nth) => shop.pay(id, 'pm_approve', `k${nth}`).catch(() => undefined))
    await Promise.all([paid, shop.cancel(id), shop.settle({ times: 2, shuffledBy: 3, atOnce: 4 })])
    await shop.settle({ times: 2, shuffledBy: 4, atOnce: 4 })

    const { captured: taken, refunded } = await shop.money()
    expect(taken).toBe(refunded)
    expect((await payments.rows('select 1 from captures')).length).toBeLessThanOrEqual(1)
    expect((await endOf(id)).status).toBe('cancelled')
    expect(await shop.levels()).toEqual([{ sku: 'TEA', on_hand: 10, reserved: 0 }])
  })

  test('B3: of many payments of one order at the same moment one takes money', async () => {
    await shop.sells('TEA', 450, 10)
    const id = await shop.place({ TEA: 2 })
    await shop.settle()

    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, nth) => shop.pay(id, 'pm_approve', `k${nth}`)),
    )
    await shop.settle({ times: 3, shuffledBy: 1, atOnce: 4 })

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await shop.money()).toEqual({ captured: 900, refunded: 0 })
    expect(await shop.outcomes()).toEqual(['confirmed, captured'])
  })
})

/** The same steps at the same moment, another first in each round. */
const atOnceIn = (round: number, steps: (() => Promise<unknown>)[]) =>
  steps.map((_, nth) => steps[(nth + round) % steps.length]!())
