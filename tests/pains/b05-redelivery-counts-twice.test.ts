import { OrderPlaced } from '#events/orders/order-placed.v1/event'
import { binaryEvent, type StoredEvent } from '#runtime/binary-event'
import { openDatabase } from '#runtime/database'
import { openDomain, operationOf, urlOf } from '#support/domain'
import { serve } from '#support/door'
import { IMBALANCE, level, orderPlaced } from '#support/stock'
import { openWholeShop } from '#support/whole-shop'
import buryEvent from '../../functions/platform/bury-event/handler'
import reserveStock from '../../functions/stock/reserve-stock/handler'
import { eventually, openTestBroker, trigger, type TestBroker } from '../../infra/local/broker/test-broker'
import type { Deliver } from '../../infra/local/broker/delivery'

/**
 * The seed counted a delivery, not a fact: redelivered, an order took its stock twice. A message that failed was passed
 * over once a later one was marked, and nobody ever heard of it again.
 */
describe('B5: redelivery counts twice', () => {
  const shop = openWholeShop()
  const story = async () => {
    await shop.sells('TEA', 450, 100)
    await shop.sells('TIN', 100, 1)
    const [kept, , off, , back] = [
      await shop.place({ TEA: 1 }, 'pm_approve'),
      await shop.place({ TEA: 2 }, 'pm_decline'),
      await shop.place({ TEA: 3 }, 'pm_approve'),
      await shop.place({ TEA: 4, TIN: 2 }, 'pm_approve'),
      await shop.place({ TEA: 5 }, 'pm_flaky'),
      await shop.place({ TEA: 6 }, 'pm_lost_answer'),
    ]
    return { kept, off, back }
  }

  test.each([1, 2, 3, 4, 5])(
    'B5: every event three times and out of order comes to what once and in order comes to (%i)',
    async (shuffledBy) => {
      const { kept, off, back } = await story()
      const delivery = { times: 3, shuffledBy, atOnce: 6 }

      await shop.settle(delivery)
      await shop.cancel(off)
      await Promise.all([shop.ship(back), shop.ship(kept)])
      await shop.bring(back)
      await shop.giveBack(back)
      await shop.settle(delivery)

      expect(await shop.outcomes()).toEqual([
        'shipped, captured',
        'awaiting-payment, declined',
        'cancelled, refunded',
        'rejected, none',
        'returned, refunded',
        'confirmed, captured',
      ])
      expect(await shop.money()).toEqual({ captured: 450 * (1 + 3 + 5 + 6), refunded: 450 * (3 + 5) })
      expect(await shop.levels()).toEqual([
        { sku: 'TEA', on_hand: 99, reserved: 2 + 6 },
        { sku: 'TIN', on_hand: 1, reserved: 0 },
      ])
      expect(await shop.stock.rows(IMBALANCE)).toEqual([])
    },
  )

  describe('with a real broker', () => {
    const stock = openDomain('stock/reserve-stock')
    const platform = openDomain('platform/bury-event')
    const doors: { url: string; close: () => Promise<void> }[] = []
    let broker: TestBroker

    const doorOf = async (domain: typeof stock, deployable: typeof reserveStock, path: string) => {
      const [row] = await domain.rows<{ name: string }>('select current_database() as name')
      const env = { DATABASE_URL: urlOf(row!.name) }
      const door = await serve(deployable(operationOf(path), { database: openDatabase }, env))
      doors.push(door)
      return door.url
    }
    beforeEach(async () => void (broker = await openTestBroker()))
    afterEach(async () => {
      await broker.close()
      for (const door of doors.splice(0)) await door.close()
    })

    test('B5: an event that nobody can handle holds up no other, and ends as a dead letter with its cause', async () => {
      await stock.given(level('TEA', 10))
      const urls: Record<string, string> = {
        'reserve-stock': await doorOf(stock, reserveStock, 'stock/reserve-stock'),
        'bury-event': await doorOf(platform, buryEvent, 'platform/bury-event'),
      }
      const deliver: Deliver = async (service, { headers, body }) => {
        const response = await fetch(urls[service]!, { method: 'POST', headers, body: new Uint8Array(body) })
        const answered = Buffer.from(await response.arrayBuffer())
        return { status: response.status, headers: Object.fromEntries(response.headers), body: answered }
      }
      const { url } = await broker.start([trigger({ filter: { type: OrderPlaced.type } })], { deliver })
      const send = (id: string, data: object) => {
        const { type, source, dataschema } = OrderPlaced
        const about = { id, type, source, dataschema, subject: id, time: '2026-03-01T10:00:00.000Z' }
        const { headers, body } = binaryEvent({ ...about, extensions: {}, data } satisfies StoredEvent)
        return fetch(`${url}/${broker.namespace}/orders`, { method: 'POST', headers, body })
      }

      await send('poison', { orderId: 7 })
      await send('good', orderPlaced('o1', { TEA: 2 }))

      await eventually(async () => {
        expect(await stock.rows('select reserved from levels')).toEqual([{ reserved: 2 }])
        expect(
          await platform.rows(
            `select event_id, trigger, state, cause ->> 'attempts' as attempts, data from dead_letters`,
          ),
        ).toEqual([
          {
            ...{ event_id: 'poison', trigger: trigger().name, state: 'buried', attempts: '4' },
            data: Buffer.from('{"orderId":7}'),
          },
        ])
      })
    })
  })
})
