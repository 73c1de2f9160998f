import { RefundDue } from '#events/orders/refund-due.v1/event'
import { openCache } from '#runtime/cache'
import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import { atOnce } from '#support/carts'
import { openDomain, operationOf, urlOf } from '#support/domain'
import { serve, tokens } from '#support/door'
import { settings } from '#support/every-door'
import { order, price } from '#support/orders'
import { NOTICE_SECRET, noticeRequest } from '#support/payments'
import { openWholeShop } from '#support/whole-shop'
import deployable from '../../functions/orders/place-order/handler'
import { receivePaymentNotice } from '../../functions/payments/receive-payment-notice/handler'

const NOW = '2026-03-01T10:00:00.000Z'

/**
 * What users of other shops report: a browser and a webhook complete the same cart, a lock times out and both go on, and a
 * compensation that comes late gives back the money of the order that succeeded.
 */
describe('Pain 2: charged twice, ordered twice, the wrong money given back', () => {
  describe('one request', () => {
    const orders = openDomain('orders/place-order')

    test('Pain 2: that comes to four instances at the same moment is one order, with one answer', async () => {
      await orders.given(price('TEA', 450))
      const keys = await tokens()
      const [row] = await orders.rows<{ name: string }>('select current_database() as name')
      const env = { ...settings(keys), DATABASE_URL: urlOf(row!.name) }
      const parts = { database: openDatabase, callers: openCallers, cache: openCache }
      const doors = await Promise.all(
        Array.from({ length: 4 }, () => serve(deployable(operationOf('orders/place-order'), parts, env))),
      )
      const headers = {
        authorization: await keys.bearer('ada'),
        'content-type': 'application/json',
        'idempotency-key': row!.name,
      }
      const body = JSON.stringify(order({ TEA: 2 }, { confirmedTotal: 900 }))
      const place = (nth: number) =>
        fetch(`${doors[nth % 4]!.url}/v1/orders`, { method: 'POST', headers, body })

      const statuses = (await atOnce(20, place)).map(({ status }) => status)
      const [last, again] = [await place(0), await place(1)]
      await Promise.all(doors.map(({ close }) => close()))

      expect(statuses.filter((status) => status !== 201 && status !== 409)).toEqual([])
      expect(statuses).toContain(201)
      expect([last.status, await last.text()]).toEqual([201, await again.text()])
      expect(await orders.rows('select total from orders')).toEqual([{ total: 900 }])
      expect(await orders.emitted()).toHaveLength(1)
    })
  })

  describe('one order', () => {
    const shop = openWholeShop()
    const refundsDue = async () =>
      (await shop.orders.emitted()).flatMap(([type, data]) =>
        type === RefundDue.type ? [(data as RefundDue).chargeId] : [],
      )
    const notice = (id: string, data: object) => {
      const signed = noticeRequest(id, { type: 'charge.captured', data }, { at: NOW })
      const headers = { 'content-type': 'application/json', ...signed.headers }
      const request = { ...shop.payments.deps().request, body: signed.body!, headers }
      const deps = Object.assign(shop.payments.deps({ request }), { noticeSecret: NOTICE_SECRET })
      return receivePaymentNotice({}, deps)
    }

    beforeEach(() => shop.sells('TEA', 450, 100))

    test.each(['pm_approve', 'pm_lost_answer', 'pm_flaky'])(
      'Pain 2: paid with %s by event, by its customer and by reconciling at the same moment is charged once',
      async (method) => {
        const id = await shop.place({ TEA: 2 }, method)
        shop.at('2026-03-01T10:05:00.000Z')

        const paying = atOnce(10, (nth) => shop.pay(id, method, `k${nth}`).catch(() => undefined))
        const delivering = shop.settle({ times: 4, shuffledBy: 1, atOnce: 8 })
        await Promise.all([paying, delivering, shop.reconcile(), shop.reconcile()])
        await shop.reconcile()
        await shop.settle({ times: 2, shuffledBy: 2 })

        expect(await shop.money()).toEqual({ captured: 900, refunded: 0 })
        expect(await shop.outcomes()).toEqual(['confirmed, captured'])
        expect(await refundsDue()).toEqual([])
      },
    )

    test('Pain 2: that the gateway charged twice gives back the second charge, and never the good one', async () => {
      const id = await shop.place({ TEA: 2 }, 'pm_approve')
      await shop.settle()
      const [good] = await shop.orders.rows<{ charge_id: string }>('select charge_id from orders')
      const wish = { key: 'double-click', amount: 900, currency: 'EUR', method: 'pm_approve' }
      const second = await shop.sandbox().gateway.charge(wish)

      await Promise.all(
        ['n1', 'n2', 'n2', 'n3'].map((name) => notice(name, { ...second, reference: `order/${id}/1` })),
      )
      await shop.settle({ times: 3, shuffledBy: 5, atOnce: 4 })

      expect(await refundsDue()).toEqual([second.id])
      expect(await shop.money()).toEqual({ captured: 1800, refunded: 900 })
      const { items } = (await shop.sandbox().ask('GET', `/v1/charges/${good!.charge_id}/refunds`)).body
      expect(items).toEqual([])
      expect(await shop.orders.rows('select status, charge_id from orders')).toEqual([
        { status: 'confirmed', charge_id: good!.charge_id },
      ])
      expect(await shop.payments.rows('select status, captured, refunded from payments')).toEqual([
        { status: 'captured', captured: 1800, refunded: 900 },
      ])
    })

    test('Pain 2: that was cancelled gives back all of it once, whatever is repeated', async () => {
      const id = await shop.place({ TEA: 2 }, 'pm_approve')
      await shop.settle()

      const cancelled = await Promise.allSettled([shop.cancel(id), shop.cancel(id)])
      expect(cancelled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      await Promise.all([
        shop.settle({ times: 5, shuffledBy: 3, atOnce: 8 }),
        shop.reconcile(),
        shop.reconcile(),
      ])
      await shop.settle({ times: 2, shuffledBy: 4 })

      expect(await shop.money()).toEqual({ captured: 900, refunded: 900 })
      expect(await shop.outcomes()).toEqual(['cancelled, refunded'])
    })

    test('Pain 2: that comes back bit by bit gives back what was paid, to the last cent and no more', async () => {
      await shop.sells('SPOON', 333, 10)
      const id = await shop.place({ TEA: 3, SPOON: 3 }, 'pm_approve')
      await shop.settle()
      await shop.ship(id)
      await shop.bring(id)

      const one = (sku: string) => shop.giveBack(id, [{ sku, quantity: 1 }]).catch(() => undefined)
      await Promise.all([...Array.from({ length: 6 }, () => one('TEA')), one('SPOON'), one('SPOON')])
      await shop.settle({ times: 3, shuffledBy: 6, atOnce: 6 })
      const between = await shop.money()
      await Promise.all([one('SPOON'), one('SPOON'), one('SPOON')])
      await shop.settle({ times: 3, shuffledBy: 7, atOnce: 6 })

      const total = 3 * 450 + 3 * 333
      expect(between).toEqual({ captured: total, refunded: total - 333 })
      expect(await shop.money()).toEqual({ captured: total, refunded: total })
      expect(await shop.outcomes()).toEqual(['returned, refunded'])
    })
  })
})
