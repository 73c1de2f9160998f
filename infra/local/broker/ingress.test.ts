import type { Received } from './fake-functions'
import { eventually, openTestBroker, type TestBroker, trigger } from './test-broker'

describe('the broker ingress', () => {
  let shop: TestBroker
  let url: string
  beforeAll(async () => {
    shop = await openTestBroker()
    url = `${(await shop.start([trigger({ filter: {} })])).url}/${shop.namespace}/orders`
  })
  afterAll(() => shop.close())

  const delivered = (id: string) => shop.received().filter(({ headers }) => headers['ce-id'] === id)

  test('takes an event in binary mode and delivers every attribute, extension and byte as it was', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 128, 0])
    const attributes = {
      id: 'a%20b%25%E2%82%AC',
      type: '%20odd*type.>..gr%C3%BC%C3%9Fe',
      source: 'https://kiosk.example/orders?x=%2520',
      subject: '%22quoted%22%20',
      time: '2026-03-01T10:00:00.123456789+02:00',
      dataschema: 'https://kiosk.example/schema.json',
      partitionkey: 'ada',
      constructor: 'x',
      empty: '',
    }

    const answer = await shop.send(attributes, {
      body: bytes,
      headers: { 'content-type': 'image/png; a="b c"' },
    })

    expect([answer.status, await answer.text()]).toEqual([202, ''])
    await eventually(() => expect(delivered('a%20b%25%E2%82%AC')).toHaveLength(1))
    const [{ headers, body }] = delivered('a%20b%25%E2%82%AC') as [Received]
    const transport = ['connection', 'host', 'content-length', 'transfer-encoding']
    const rest = Object.entries(headers).filter(([name]) => !transport.includes(name))
    expect(body).toEqual(bytes)
    expect(Object.fromEntries(rest)).toEqual({
      ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value])),
      'ce-specversion': '1.0',
      'content-type': 'image/png; a="b c"',
      prefer: 'reply',
    })
  })

  test('takes an event in structured mode and delivers it in binary mode, its data to the letter', async () => {
    const body = `{"specversion":"1.0","id":"s1","source":"/o","type":"t","sequence":7,"data":{"total": 1.00}}`

    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
      body,
    })

    expect(answer.status).toBe(202)
    await eventually(() => expect(delivered('s1')).toHaveLength(1))
    expect(delivered('s1')[0]!.body.toString()).toBe('{"total": 1.00}')
    expect(delivered('s1')[0]!.headers).toMatchObject({
      'ce-sequence': '7',
      'content-type': 'application/json',
    })
  })

  test.each([
    [
      'keeps the trace of the request',
      { id: 't1' },
      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    ],
    ['ignores a malformed trace', { id: 't2' }, 'nonsense'],
  ])('%s', async (promise, attributes, traceparent) => {
    await shop.send(attributes, { headers: { traceparent } })

    await eventually(() => expect(delivered(attributes.id)).toHaveLength(1))
    const expected = promise.startsWith('keeps') ? traceparent : undefined
    expect(delivered(attributes.id)[0]!.headers['ce-traceparent']).toBe(expected)
    expect(delivered(attributes.id)[0]!.headers['traceparent']).toBe(expected)
  })

  test("prefers the event's own trace to the request's", async () => {
    const own = '00-11111111111111111111111111111111-2222222222222222-01'
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

    await shop.send({ id: 't3', traceparent: own }, { headers: { traceparent } })

    await eventually(() => expect(delivered('t3')).toHaveLength(1))
    expect(delivered('t3')[0]!.headers).toMatchObject({ 'ce-traceparent': own, traceparent: own })
  })

  test('stores one event for one source and id, and two for two sources', async () => {
    await shop.send({ id: 'twice', subject: 'first' })
    await shop.send({ id: 'twice', subject: 'second' })
    await shop.send({ id: 'twice', source: '/payments' })

    await eventually(() => expect(delivered('twice')).toHaveLength(2))
    const told = delivered('twice').map(({ headers }) => [headers['ce-source'], headers['ce-subject']])
    expect(told.sort()).toEqual([
      ['/orders', 'first'],
      ['/payments', undefined],
    ])
    expect(shop.observations.filter(({ event }) => event.id === 'twice').map(({ kind }) => kind)).toContain(
      'duplicate',
    )
  })
  test('takes a megabyte and refuses a byte more', async () => {
    const largest = await shop.send({ id: 'large' }, { body: Buffer.alloc(1_000_000, 'x') })
    const larger = await shop.send({ id: 'larger' }, { body: Buffer.alloc(1_000_001, 'x') })

    expect([largest.status, larger.status]).toEqual([202, 413])
    await eventually(() => expect(delivered('large')[0]?.body).toHaveLength(1_000_000))
  })
})
