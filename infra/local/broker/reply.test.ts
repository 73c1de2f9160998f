import { eventually, openTestBroker, type TestBroker, trigger } from './test-broker'

describe('a function that answers with a body', () => {
  let shop: TestBroker
  beforeEach(async () => (shop = await openTestBroker()))
  afterEach(() => shop.close())

  test('delivers again when a success has a body that is no event, and warns', async () => {
    shop.functions.answers('reserve-stock', (nth) =>
      nth > 1 ? { status: 200 } : { status: 200, body: 'done' },
    )
    await shop.start([trigger()])

    await shop.send({ id: '1' })

    await eventually(() => expect(shop.kinds()).toEqual(['retried', 'delivered']))
    expect(shop.observations).toContainEqual(
      expect.objectContaining({
        kind: 'retried',
        status: 502,
        warning: expect.stringMatching(/answer 204/) as string,
      }),
    )
  })

  test('puts an event that a function answers with into the same broker', async () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': 'r1',
      'ce-source': '/stock',
      'ce-type': 'stock-reserved',
    }
    shop.functions.answers('reserve-stock', () => ({ status: 200, headers, body: 'x' }))
    await shop.start([
      trigger(),
      trigger({ name: 'accept', filter: { type: 'stock-reserved' }, service: 'accept-order' }),
    ])

    await shop.send({ id: '1' })

    await eventually(() => expect(shop.received('accept-order')).toHaveLength(1))
    expect(shop.received('accept-order')[0]!.headers).toMatchObject(headers)
    await eventually(() => expect(shop.kinds()).toEqual(['replied', 'delivered', 'delivered']))
  })

  test('puts an end to a function that answers itself', async () => {
    shop.functions.answers('reserve-stock', (_, { headers }) => {
      const id = `reply-${Number((headers['ce-id'] as string).split('-')[1]) + 1}`
      const reply = { 'ce-specversion': '1.0', 'ce-id': id, 'ce-source': '/stock', 'ce-type': 'order-placed' }
      return { status: 200, headers: reply }
    })
    await shop.start([trigger()])

    await shop.send({ id: 'reply-0' })

    await eventually(() => expect(shop.kinds()).toContain('lost'), 60_000)
    expect(new Set(shop.received().map(({ headers }) => headers['ce-id'])).size).toBe(256)
    expect(shop.observations.find(({ kind }) => kind === 'lost')).toMatchObject({
      event: { id: 'reply-256' },
      warning: expect.stringMatching(/answer with another type/) as string,
    })
  }, 120_000)

  test('delivers again when a reply cannot be stored', async () => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': 'r1',
      'ce-source': '/stock',
      'ce-type': 'stock-reserved',
    }
    shop.functions.answers('reserve-stock', (nth) =>
      nth > 1 ? { status: 204 } : { status: 200, headers, body: 'x'.repeat(1_100_000) },
    )
    await shop.start([trigger()])

    await shop.send({ id: '1' })

    await eventually(() => expect(shop.kinds()).toEqual(['retried', 'delivered']))
  })
})
