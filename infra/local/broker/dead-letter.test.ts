import { eventually, openTestBroker, type TestBroker, trigger } from './test-broker'

describe('an event that is out of retries', () => {
  let shop: TestBroker
  beforeEach(async () => (shop = await openTestBroker()))
  afterEach(() => shop.close())

  test('says in a dead letter what went wrong, and leaves the event as it was', async () => {
    const said = 'x'.repeat(2_000)
    shop.functions.answers('reserve-stock', () => ({ status: 503, body: said }))
    await shop.start([trigger()])

    await shop.send({ id: '1', partitionkey: 'ada' }, { body: '{"a": 1.0}' })

    await eventually(() => expect(shop.received('bury-event')).toHaveLength(1))
    const [letter] = shop.received('bury-event')
    expect(letter!.body.toString()).toBe('{"a": 1.0}')
    expect(letter!.headers).toMatchObject({
      'ce-id': '1',
      'ce-type': 'order-placed',
      'ce-source': '/orders',
      'ce-partitionkey': 'ada',
      'ce-knativeerrordest': `http://reserve-stock.${shop.namespace}.svc.cluster.local/`,
      'ce-knativeerrorcode': '503',
      'ce-knativeerrordata': Buffer.from(said).toString('base64').slice(0, 1024),
      'ce-kioskattempts': '4',
      'ce-kiosktrigger': 'reserve-stock-on-order-placed',
    })
  })

  test.each([[500], [404]])('keeps a dead letter that is answered %p until it is taken', async (status) => {
    shop.functions.answers('reserve-stock', () => ({ status: 500 }))
    shop.functions.answers('bury-event', (nth) => ({ status: nth === 1 ? status : 204 }))
    await shop.start([trigger({ delivery: { retry: 0 } })])

    await shop.send({ id: '1' })

    await eventually(() => expect(shop.kinds()).toEqual(['dead-letter-delayed', 'dead-lettered']))
    expect(shop.received()).toHaveLength(1)
    expect(shop.received('bury-event').map(({ headers }) => headers['ce-kioskattempts'])).toEqual(['1', '1'])
  })

  test('says that an event is lost when nobody takes dead letters', async () => {
    shop.functions.answers('reserve-stock', () => ({ status: 500 }))
    const plain = trigger({ delivery: { retry: 0 } })
    delete plain.delivery.deadLetterService
    await shop.start([plain])

    await shop.send({ id: '1' })

    await eventually(() => expect(shop.kinds()).toEqual(['lost']))
    expect(shop.observations.at(-1)!.warning).toMatch(/no dead-letter sink/)
  })
})
