import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import type { StoredEvent } from '#runtime/binary-event'
import { ask, until } from '#support/ask'
import { openDomain, operationOf, urlOf } from '#support/domain'
import { listening, serve, tokens } from '#support/door'
import { liveFunctions } from '#support/live-function'
import { order, price } from '#support/orders'
import { level, type orderPlaced } from '#support/stock'
import deployable from '../../functions/orders/place-order/handler'
import relayOrders from '../../functions/orders/relay-orders/handler'
import { reserveStock } from '../../functions/stock/reserve-stock/handler'

const PING = 'dev.knative.sources.ping'
const ID = (nth: number) => `00000000-0000-7000-8000-00000000000${nth}`

/**
 * The seed published to its brokers inside the database transaction: what was rolled back had been announced (ghosts),
 * and what was committed by a process that died was announced by nobody.
 */
describe('B2: events are published inside the transaction', () => {
  const orders = openDomain('orders/place-order')
  const stock = openDomain('stock/reserve-stock')
  const live = liveFunctions()
  let keys: Awaited<ReturnType<typeof tokens>>
  let broker: Server
  let asked = 0
  /** What the broker does with an event; `silent` is to take the connection, and then the time stands still. */
  let mood: 'silent' | 'breaks' | 'takes' = 'silent'

  const place = async (url: string, key: string) =>
    fetch(`${url}/v1/orders`, {
      method: 'POST',
      body: JSON.stringify(order({ TEA: 2 }, { confirmedTotal: 900 })),
      headers: {
        authorization: await keys.bearer('ada'),
        'content-type': 'application/json',
        'idempotency-key': key,
      },
    })
  const environment = async () => {
    const [row] = await orders.rows<{ name: string }>('select current_database() as name')
    const nowhere = 'http://127.0.0.1:9'
    return {
      ...{ ...keys.env, DATABASE_URL: urlOf(row!.name), VIEW_CART_URL: nowhere, VIEW_PRODUCT_URL: nowhere },
      OPERATION_URL: nowhere,
      K_SINK: `http://127.0.0.1:${(broker.address() as AddressInfo).port}/kiosk/orders`,
      UPSTASH_REDIS_REST_URL: process.env['KIOSK_TEST_REDIS_REST_URL']!,
      UPSTASH_REDIS_REST_TOKEN: process.env['KIOSK_TEST_REDIS_TOKEN']!,
    }
  }
  const unsent = () => orders.rows('select id from outbox where sent_at is null')

  beforeAll(async () => {
    keys = await tokens()
    broker = createServer((request, response) => {
      asked++
      if (mood === 'silent') return
      void (async () => {
        const data = (await json(request)) as ReturnType<typeof orderPlaced>
        await reserveStock(data, stock.eventDeps(String(request.headers['ce-id'])))
        if (mood === 'takes') response.writeHead(202).end()
        else request.socket.destroy()
      })()
    })
    await listening(broker)
  })
  beforeEach(async () => {
    asked = 0
    mood = 'silent'
    await orders.given(price('TEA', 450))
    await stock.given(level('TEA', 10))
  })
  afterAll(() => {
    broker.closeAllConnections()
    broker.close()
  })

  test('B2: an order that is rolled back after it was announced leaves no ghost', async () => {
    const published: StoredEvent[] = []
    const given = [1, 2, 1, 3].map(ID)
    const parts = {
      ...{ database: openDatabase, callers: openCallers },
      publisher: () => async (event: StoredEvent) => void published.push(event),
      // The second order is given the first one's id: its event is in the transaction when the insert is refused.
      ids: { next: () => given.shift()! },
    }
    const operation = operationOf('orders/place-order')
    const door = await serve(deployable(operation, parts, await environment()))

    const statuses = [(await place(door.url, 'k1')).status, (await place(door.url, 'k2')).status]
    await door.close()

    expect(statuses).toEqual([201, 500])
    expect(published.map(({ id }) => id)).toEqual([ID(2)])
    expect(await orders.rows('select id from orders')).toEqual([{ id: ID(1) }])
    expect(await orders.rows('select id::text from outbox')).toEqual([{ id: ID(2) }])
  })

  test('B2: an order whose process is killed between commit and publication is announced all the same', async () => {
    const process = await live.start('orders/place-order', await environment())

    const { status } = await place(process.url, 'k1')
    await until(() => asked > 0)
    await process.kill()

    expect([status, (await unsent()).length]).toEqual([201, 1])
    const door = await serve(
      relayOrders(operationOf('orders/relay-orders'), { database: openDatabase }, await environment()),
    )
    const tick = async () => {
      await orders.given((db) =>
        db.query(`update outbox set created_at = now() - interval '1 minute', claimed_until = null`),
      )
      const headers = { 'ce-specversion': '1.0', 'ce-id': 'tick', 'ce-source': '/ping', 'ce-type': PING }
      return (await ask(Number(new URL(door.url).port), '/', { method: 'POST', headers })).status
    }
    // The broker has the event, and the connection breaks before the relay can know that.
    mood = 'breaks'
    expect([await tick(), (await unsent()).length]).toEqual([204, 1])
    mood = 'takes'
    expect(await tick()).toBe(204)
    await door.close()

    expect(await unsent()).toEqual([])
    expect(await stock.rows('select sku, reserved from levels')).toEqual([{ sku: 'TEA', reserved: 2 }])
  })
})
