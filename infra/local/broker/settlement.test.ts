import { setTimeout as pause } from 'node:timers/promises'
import type { FakeAnswer } from './fake-functions'
import { eventually, openTestBroker, type TestBroker, trigger } from './test-broker'

describe('an event that a function was asked to take', () => {
  let shop: TestBroker
  beforeEach(async () => (shop = await openTestBroker()))
  afterEach(() => shop.close())

  const gaps = () =>
    shop
      .received()
      .map(({ at }, n) => at - (shop.received()[n - 1]?.at ?? at))
      .slice(1)

  async function outcomeOf(answer: FakeAnswer | 'broken connection', ...expected: string[]) {
    shop.functions.answers('reserve-stock', () =>
      answer === 'broken connection' ? Promise.reject(new Error(answer)) : answer,
    )
    const broker = await shop.start([trigger({ delivery: { retry: 1, backoffDelayMs: 20 } })])
    await shop.send({ id: '1' })
    await eventually(() => expect(shop.kinds()).toEqual(expected))
    await eventually(async () => {
      expect(await broker.pending()).toEqual({ [trigger().name]: { waiting: 0, unsettled: 0, inFlight: 0 } })
    })
  }

  test.each([[200], [201], [202], [204]])('is done with an event that is answered %p', async (status) => {
    await outcomeOf({ status }, 'delivered')

    expect(shop.received()).toHaveLength(1)
  })

  test.each([[408], [429], [500], [502], [503], [504], [599]])(
    'tries again what is answered %p, then brings it to the dead letters',
    async (status) => {
      await outcomeOf({ status, body: 'no' }, 'retried', 'dead-lettered')

      expect(shop.received()).toHaveLength(2)
      expect(shop.received('bury-event')).toHaveLength(1)
    },
  )

  test.each([[301], [302], [307], [400], [401], [403], [404], [409], [410], [418], [422]])(
    'ends an event that is answered %p at once, without a dead letter, and says loudly what to change',
    async (status) => {
      await outcomeOf({ status, headers: { location: '/elsewhere' } }, 'lost')

      expect(shop.received()).toHaveLength(1)
      expect(shop.received('bury-event')).toEqual([])
      expect(shop.observations.at(-1)).toEqual({
        kind: 'lost',
        broker: 'orders',
        event: { id: '1', type: 'order-placed', source: '/orders' },
        trigger: 'reserve-stock-on-order-placed',
        service: 'reserve-stock',
        status,
        attempt: 1,
        ms: expect.any(Number) as number,
        warning:
          `The event order-placed 1 of /orders is lost: reserve-stock answered ${status} to the trigger ` +
          'reserve-stock-on-order-placed. On a JetStream broker a 3xx or 4xx ends an event at once, with no retry and ' +
          'no dead letter. Answer 2xx when it is done, or 5xx to get it again and then in the dead letters.',
      })
    },
  )

  test('tries again when the connection breaks', async () => {
    await outcomeOf('broken connection', 'retried', 'dead-lettered')

    expect(shop.received('bury-event')[0]!.headers['ce-knativeerrorcode']).toBe('500')
  })

  test('tries again when the function takes longer than the timeout', async () => {
    shop.functions.answers('reserve-stock', async (nth) => {
      if (nth === 1) await pause(30_000, undefined, { ref: false })
      return { status: 204 }
    })
    await shop.start([trigger({ delivery: { timeoutMs: 1_500 } })])

    await shop.send({ id: '1' })

    await eventually(() => expect(shop.kinds()).toEqual(['retried', 'delivered']))
  })

  test.each([
    ['linear', [60, 120, 180]],
    ['exponential', [120, 240, 480]],
  ])('waits between tries with %s backoff', async (backoffPolicy, expected) => {
    shop.functions.answers('reserve-stock', () => ({ status: 500 }))
    await shop.start([trigger({ delivery: { backoffPolicy, backoffDelayMs: 60 } })])

    await shop.send({ id: '1' })

    await eventually(() => expect(shop.received('bury-event')).toHaveLength(1))
    expect(gaps()).toHaveLength(3)
    gaps().forEach((gap, n) => expect(gap).toBeGreaterThanOrEqual(expected[n]! - 5))
    const asked = shop.observations.filter(({ kind }) => kind === 'retried').map(({ delayMs }) => delayMs)
    expect(asked).toEqual(expected)
  })

  test('waits as long as Retry-After asks for', async () => {
    shop.functions.answers('reserve-stock', (nth) =>
      nth > 1 ? { status: 204 } : { status: 429, headers: { 'Retry-After': '1' } },
    )
    await shop.start([trigger()])

    await shop.send({ id: '1' })

    await eventually(() => expect(shop.kinds()).toEqual(['retried', 'delivered']))
    expect(gaps()[0]).toBeGreaterThanOrEqual(990)
  })

  test('heeds a Retry-After that something in front of the function wrote', async () => {
    let asked = 0
    const body = Buffer.alloc(0)
    const deliver = () =>
      Promise.resolve({ status: asked++ > 0 ? 204 : 503, headers: { 'Retry-After': '1' }, body })
    await shop.start([trigger()], { deliver })

    await shop.send({ id: '1' })

    await eventually(() =>
      expect(shop.observations).toContainEqual(expect.objectContaining({ delayMs: 1_000 })),
    )
  })

  test('keeps to a backoff that is longer than JetStream waits for an acknowledgement', async () => {
    shop.functions.answers('reserve-stock', (nth) => ({ status: nth > 1 ? 204 : 500 }))
    await shop.start([trigger({ delivery: { backoffDelayMs: 3_000 } })], { ackWaitMs: 1_000 })

    await shop.send({ id: '1' })

    await eventually(() => expect(shop.kinds()).toEqual(['retried', 'delivered']))
    expect(gaps()[0]).toBeGreaterThanOrEqual(2_995)
  })
})
