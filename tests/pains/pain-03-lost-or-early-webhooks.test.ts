import { accepted, NOTICE_SECRET, noticeRequest, ordersShowing, until } from '#support/payments'
import { openWholeShop } from '#support/whole-shop'
import type { Gateway } from '../../functions/payments/gateway'
import { charge } from '../../functions/payments/charge/handler'
import { payOrder } from '../../functions/payments/pay-order/handler'
import { receivePaymentNotice } from '../../functions/payments/receive-payment-notice/handler'
import { reconcilePayments } from '../../functions/payments/reconcile-payments/handler'

const NOW = '2026-03-01T10:00:00.000Z'
const LATER = '2026-03-01T10:05:00.000Z'

/**
 * What users of other shops report: a webhook that never comes leaves an order unpaid for ever, one that comes before the
 * answer is dropped, one about a step in between completes a cart; "paid" and "ordered" go apart and nobody looks again.
 */
describe('Pain 3: lost, early and ignored webhooks', () => {
  const shop = openWholeShop()
  const { payments } = shop
  const taken = (amount: number) =>
    until(async () => (await shop.sandbox().ask('GET', '/v1/totals')).body['captured'] === amount)
  const receive = (id: string, status: string, data: object, at = NOW) => {
    const signed = noticeRequest(id, { type: `charge.${status}`, data: { ...data, status } }, { at })
    const headers = { 'content-type': 'application/json', ...signed.headers }
    const request = { ...payments.deps().request, body: signed.body!, headers }
    return receivePaymentNotice(
      {},
      Object.assign(payments.deps({ request }), { noticeSecret: NOTICE_SECRET }),
    )
  }
  const about = (orderId: string, id = 'ch_1') => ({
    ...{ id, amount: 900, currency: 'EUR', reference: `order/${orderId}/1` },
  })

  beforeEach(() => shop.sells('TEA', 450, 10))

  test('Pain 3: a payment whose notice is lost is found by asking, and its order is confirmed', async () => {
    await shop.place({ TEA: 2 }, 'pm_notice')
    await shop.settle()
    const before = await shop.outcomes()
    await taken(900)

    shop.at(LATER)
    await shop.reconcile()
    await shop.settle({ times: 2, shuffledBy: 1 })

    expect([before, await shop.outcomes()]).toEqual([['awaiting-payment, awaited'], ['confirmed, captured']])
    expect(await shop.reconcile()).toBe('idle')
  })

  test('Pain 3: a notice that comes before our own call has its answer counts, and counts once', async () => {
    const id = await shop.place({ TEA: 2 })
    await shop.settle()
    const { gateway } = shop.sandbox()
    const early: Gateway = {
      ...gateway,
      charge: async (attempt) => {
        const answer = await gateway.charge(attempt)
        await receive('n1', 'captured', answer)
        return answer
      },
    }

    const deps = Object.assign(payments.deps({ idempotencyKey: 'k1' }), {
      gateway: early,
      viewOrder: ordersShowing(),
    })
    await payOrder({ id, paymentMethod: 'pm_approve' }, deps)
    await shop.settle({ times: 2, shuffledBy: 2 })

    expect(await shop.outcomes()).toEqual(['confirmed, captured'])
    expect(await payments.rows('select captured from payments')).toEqual([{ captured: 900 }])
    expect(await shop.money()).toEqual({ captured: 900, refunded: 0 })
  })

  test('Pain 3: a notice about what we do not know yet is kept until we do', async () => {
    const id = await shop.place({ TEA: 2 }, 'pm_approve')

    await receive('n1', 'captured', about(id))
    const kept = await payments.rows('select matched_at from notices')
    const away: Gateway = {
      ...shop.sandbox().gateway,
      charge: () => Promise.reject(new Error('away')),
      chargesOf: () => Promise.reject(new Error('away')),
    }
    const told = charge(
      accepted(id, 'pm_approve'),
      Object.assign(payments.eventDeps('e1'), { gateway: away }),
    )
    await expect(told).rejects.toThrow('away')
    const orders = () => Promise.reject(new Error('away'))
    await reconcilePayments(Object.assign(payments.eventDeps(), { gateway: away, orders }))

    expect(kept).toEqual([{ matched_at: null }])
    expect(await payments.rows('select status, captured from payments')).toEqual([
      { status: 'captured', captured: 900 },
    ])
  })

  test('Pain 3: a notice of a step in between completes nothing', async () => {
    const id = await shop.place({ TEA: 2 }, 'pm_notice')
    await shop.settle()
    const [begun] = await payments.rows<{ charge_id: string | null }>('select charge_id from attempts')

    await receive('n1', 'pending', about(id, begun!.charge_id ?? 'ch_1'))
    await shop.settle()

    expect(await shop.outcomes()).toEqual(['awaiting-payment, awaited'])
  })

  test.each([
    ['captured, then pending and declined', ['captured', 'pending', 'declined', 'captured']],
    ['pending, then captured, then declined', ['pending', 'captured', 'declined']],
    ['declined and captured at last', ['declined', 'captured']],
  ])('Pain 3: notices in any order never take back that money was taken: %s', async (_, statuses) => {
    const id = await shop.place({ TEA: 2 }, 'pm_notice')
    await shop.settle()
    await taken(900)
    const [{ id: chargeId }] = (await shop.sandbox().ask('GET', '/v1/charges')).body['items'] as [
      { id: string },
    ]

    for (const [nth, status] of statuses.entries()) await receive(`n${nth}`, status, about(id, chargeId))
    await shop.settle({ times: 2, shuffledBy: 3 })

    expect(await shop.outcomes()).toEqual(['confirmed, captured'])
    expect(await payments.rows('select captured from payments')).toEqual([{ captured: 900 }])
  })

  test('Pain 3: nothing stays pending for ever: what is found for a cancelled order goes back', async () => {
    const id = await shop.place({ TEA: 2 }, 'pm_notice')
    await shop.settle()
    await taken(900)
    await shop.cancel(id)
    await shop.settle()

    shop.at(LATER)
    await shop.reconcile()
    await shop.settle({ times: 2, shuffledBy: 4 })

    expect(await shop.outcomes()).toEqual(['cancelled, refunded'])
    expect(await shop.money()).toEqual({ captured: 900, refunded: 900 })
    expect(await shop.reconcile()).toBe('idle')
  })
})
