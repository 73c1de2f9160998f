import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'nats'
import { eventually, openTestBroker, type TestBroker, testNatsUrl, trigger } from './test-broker'

describe('a Trigger of the broker', () => {
  let shop: TestBroker
  beforeEach(async () => (shop = await openTestBroker()))
  afterEach(() => shop.close())

  test('passes over what is no event, and says so', async () => {
    await shop.start([trigger({ filter: {} })])
    const nats = await connect({ servers: testNatsUrl() })

    nats.publish(`${shop.namespace}.orders.order-placed`, 'hello')
    await nats.drain()
    await shop.send({ id: '1' })

    await eventually(() => expect(shop.kinds().sort()).toEqual(['delivered', 'lost']))
    expect(shop.observations.find(({ kind }) => kind === 'lost')!.warning).toMatch(/is no event/)
  })

  test('has as many events in flight as it may, and no more', async () => {
    let [now, most] = [0, 0]
    let allHere = () => {}
    const three = new Promise<void>((resolve) => (allHere = resolve))
    shop.functions.answers('reserve-stock', async () => {
      most = Math.max(most, ++now)
      if (now === 3) allHere()
      await three
      await pause(50)
      now -= 1
      return { status: 204 }
    })
    await shop.start([trigger()], { inFlight: () => 3 })

    await Promise.all(Array.from({ length: 12 }, (_, n) => shop.send({ id: String(n) })))

    await eventually(() => expect(shop.kinds()).toEqual(Array.from({ length: 12 }, () => 'delivered')))
    expect(most).toBe(3)
  })

  test('is not delayed by a slow function of another Trigger, or by failing events of its own', async () => {
    let release = () => {}
    const slow = new Promise<void>((resolve) => (release = resolve))
    shop.functions.answers('slow', () => slow.then(() => ({ status: 204 })))
    shop.functions.answers('reserve-stock', (_, { headers }) => ({
      status: headers['ce-id'] === 'bad' ? 500 : 204,
    }))
    await shop.start(
      [trigger({ name: 'slow', service: 'slow' }), trigger({ delivery: { backoffDelayMs: 60_000 } })],
      { inFlight: () => 1 },
    )

    for (const id of ['bad', '2', '3']) await shop.send({ id })

    await eventually(() =>
      expect(shop.received().map(({ headers }) => headers['ce-id'])).toEqual(['bad', '2', '3']),
    )
    await eventually(() => expect(shop.received('slow')).toHaveLength(1))
    release()
  })

  test('waits for a slow function longer than JetStream would, without a second delivery', async () => {
    shop.functions.answers('reserve-stock', () => pause(6_000).then(() => ({ status: 204 })))
    await shop.start([trigger({ delivery: { timeoutMs: 20_000 } })], { ackWaitMs: 4_500 })

    await shop.send({ id: '1' })

    await eventually(() => expect(shop.kinds()).toEqual(['delivered']))
    await pause(2_000)
    expect(shop.received()).toHaveLength(1)
  })

  test.each([
    ['its type', { type: 'order-placed' }, ['1', '2']],
    ['type and an extension', { type: 'order-placed', region: 'eu' }, ['2']],
    ['an odd type', { type: 'a *.>.b' }, ['4']],
    ['a very long type', { type: 'x'.repeat(3_000) }, ['5']],
    ['a source alone', { source: '/stock' }, ['3']],
    ['nothing', {}, ['1', '2', '3', '4', '5']],
  ])('gets only the events that match %s', async (_, filter, expected) => {
    const [any] = [trigger({ name: 'any', filter: { source: '/end' }, service: 'end' })]
    await shop.start([trigger({ filter: filter }), any])

    await shop.send({ id: '1' })
    await shop.send({ id: '2', region: 'eu' })
    await shop.send({ id: '3', type: 'order-placed.v2', source: '/stock' })
    await shop.send({ id: '4', type: 'a%20*.>.b' })
    await shop.send({ id: '5', type: 'x'.repeat(3_000) })
    await shop.send({ id: 'end', source: '/end', type: 'end' })

    await eventually(() => expect(shop.received('end')).toHaveLength(1))
    await eventually(() => expect(ids().filter((id) => id !== 'end')).toEqual(expected))
  })
  const ids = () =>
    shop
      .received()
      .map(({ headers }) => headers['ce-id'])
      .sort()

  test('begins now, each time that it is made: events before it are not delivered', async () => {
    await shop.start([])
    await shop.send({ id: 'before' })
    await shop.start([trigger()])
    await shop.send({ id: 'first' })
    await eventually(() => expect(ids()).toEqual(['first']))
    await shop.start([])
    await shop.send({ id: 'between' })
    const broker = await shop.start([trigger()])
    expect(await broker.pending()).toEqual({ [trigger().name]: { waiting: 0, unsettled: 0, inFlight: 0 } })
    await shop.send({ id: 'anew' })

    await eventually(() => expect(ids()).toEqual(['anew', 'first']))
  })

  test.each([
    ['a type', { type: 'order-placed' }, { type: 'order-paid' }, ['1', '4']],
    ['every type', { type: 'order-placed' }, {}, ['1', '3', '4']],
    ['one type of all', {}, { type: 'order-paid' }, ['1', '2', '4']],
  ])('takes over a filter that was changed to %s', async (_, before, after, expected) => {
    const broker = await shop.start([trigger({ filter: before })])
    await shop.send({ id: '1' })
    await shop.send({ id: '2', type: 'order-paid' })
    await eventually(() => expect(ids()).toContain('1'))
    await eventually(async () => {
      expect(await broker.pending()).toEqual({ [trigger().name]: { waiting: 0, unsettled: 0, inFlight: 0 } })
    })

    await shop.start([trigger({ filter: after })])
    await shop.send({ id: '3' })
    await shop.send({ id: '4', type: 'order-paid' })

    await eventually(() => expect(ids()).toEqual(expected))
  })

  test('refuses to stand on a broker that is not there', async () => {
    await expect(shop.start([trigger({ broker: 'nowhere' })])).rejects.toThrow(
      'the trigger reserve-stock-on-order-placed stands on nowhere, which is no broker',
    )
  })

  test('takes no events when the ingress cannot have its port', async () => {
    const { url } = await shop.start([trigger()])
    const other = await openTestBroker()

    await expect(other.start([trigger()], { port: Number(new URL(url).port) })).rejects.toThrow(/EADDRINUSE/)

    await other.close()
  })
})
