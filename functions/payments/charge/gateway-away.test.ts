import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OrderAccepted } from '#events/orders/order-accepted.v1/event'
import { binaryEvent } from '#runtime/binary-event'
import { openDatabase } from '#runtime/database'
import { openDomain, urlOf } from '#support/domain'
import { listening, serve } from '#support/door'
import { accepted, openSandbox } from '#support/payments'
import charge from './handler'

describe('charge, while the payment gateway is away', () => {
  const domain = openDomain('payments/charge')
  let sandbox: Awaited<ReturnType<typeof openSandbox>>
  let now = Date.now()
  /** The way to the gateway, and whether it is broken. */
  const way = { broken: true, asked: 0 }
  const door = createServer((message, response) => {
    way.asked++
    if (way.broken) {
      message.socket.destroy()
      return
    }
    const { method, url = '/', headers } = message
    const onward = request(new URL(url, sandbox.url), { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers)
      answer.pipe(response)
    })
    message.pipe(onward)
  })
  beforeAll(() => listening(door))
  beforeEach(async () => {
    sandbox = await openSandbox()
    jest.spyOn(Date, 'now').mockImplementation(() => now)
  })
  afterEach(async () => {
    jest.restoreAllMocks()
    await sandbox.close()
  })
  afterAll(() => {
    door.closeAllConnections()
    door.close()
  })

  test('answers 503, asks no more when that goes on, and takes the money once when it is back', async () => {
    const [{ name }] = (await domain.rows<{ name: string }>('select current_database() as name')) as [
      { name: string },
    ]
    const env = {
      ...sandbox.env,
      DATABASE_URL: urlOf(name),
      PAYMENT_GATEWAY_URL: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    }
    const { url, close } = await serve(charge(domain.operation, { database: openDatabase }, env))
    const { headers, body } = binaryEvent({
      ...{ id: 'e1', type: OrderAccepted.type, source: OrderAccepted.source, subject: 'o1' },
      ...{ time: '2026-03-01T10:00:00.000Z', dataschema: OrderAccepted.dataschema, extensions: {} },
      data: accepted('o1', 'pm_approve'),
    })
    const deliver = async () => {
      const response = await fetch(url, { method: 'POST', headers, body })
      return [response.status, response.headers.get('retry-after')]
    }

    for (let n = 0; n < 3; n++) expect(await deliver()).toEqual([503, '1'])
    expect(await deliver()).toEqual([503, '5'])
    expect(way.asked).toBe(10)
    expect(await deliver()).toEqual([503, '5'])
    expect(way.asked).toBe(10)

    way.broken = false
    now += 5_000
    expect(await deliver()).toEqual([204, null])
    expect(await deliver()).toEqual([204, null])
    await close()

    expect((await sandbox.ask('GET', '/v1/totals')).body['captured']).toBe(900)
    expect(await domain.rows('select key, state from attempts')).toEqual([
      { key: 'order/o1/1', state: 'captured' },
    ])
    expect((await domain.emitted()).map(([type]) => type)).toEqual([
      'shop.kiosk.payments.payment-captured.v1',
    ])
  })
})
