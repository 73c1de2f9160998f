import { statSync } from 'node:fs'
import { join } from 'node:path'
import { OrderPlaced } from '#events/orders/order-placed.v1/event'
import { binaryEvent } from '#runtime/binary-event'
import { openDomain, urlOf } from '#support/domain'
import { liveFunctions } from '#support/live-function'
import { level, orderPlaced } from '#support/stock'
import { serviceNamed } from '#support/tiny-functions'
import { eventually, openTestBroker, trigger, type TestBroker } from '../../infra/local/broker/test-broker'
import { readManifests } from '../../infra/local/manifests/read-manifests'
import type { Observation } from '../../infra/local/scaler/observation'
import { startScaler, type Scaler } from '../../infra/local/scaler/scaler'

/**
 * What users of Knative report: events that are lost on the first wake-up, starts that nobody measures, and bundles and
 * tracing that make them slow.
 */
describe('Pain 8: cold starts', () => {
  const stock = openDomain('stock/reserve-stock')
  const live = liveFunctions()
  let broker: TestBroker
  let scaler: Scaler
  const observations: Observation[] = []

  /** The real function in a process of its own, at zero, behind the real scaler and the real broker. */
  const atZero = async (maxInstances: number, windowSeconds: number, on = (_: Observation) => {}) => {
    const [row] = await stock.rows<{ name: string }>('select current_database() as name')
    const bundle = live.build('stock/reserve-stock')
    scaler = startScaler({
      services: [
        serviceNamed('reserve-stock', {
          scale: { min: 0, max: maxInstances, target: 20, windowSeconds },
          containerConcurrency: 20,
        }),
      ],
      hostBundle: live.hostBundle,
      bundleOf: () => bundle,
      environmentOf: () => ({ DATABASE_URL: urlOf(row!.name), K_SINK: 'http://127.0.0.1:9' }),
      logFolder: join(live.folder, 'logs'),
      compileCache: join(live.folder, 'compiled'),
      on: (observation) => {
        observations.push(observation)
        on(observation)
      },
    })
    const patient = trigger({ filter: { type: OrderPlaced.type }, delivery: { timeoutMs: 60_000 } })
    const { url } = await broker.start([patient], {
      inFlight: () => 20,
      deliver: (service, request) => scaler.deliver(service, request),
    })
    return (id: string) => {
      const { type, source, dataschema } = OrderPlaced
      const about = { id, type, source, dataschema, subject: id, time: '2026-03-01T10:00:00.000Z' }
      const event = binaryEvent({ ...about, extensions: {}, data: orderPlaced(id, { TEA: 1 }) })
      return fetch(`${url}/${broker.namespace}/orders`, { method: 'POST', ...event })
    }
  }
  const reserved = async () =>
    (await stock.rows<{ reserved: number }>('select reserved from levels'))[0]!.reserved

  beforeEach(async () => {
    observations.length = 0
    broker = await openTestBroker()
    await stock.given(level('TEA', 1_000))
  })
  afterEach(async () => {
    await broker.stop()
    await scaler.stop(2_000)
    await broker.close()
  })

  test('Pain 8: no event is lost that comes while its function is at zero, wakes, or goes to sleep again', async () => {
    const send = await atZero(3, 1)
    expect(scaler.states()).toMatchObject([{ ready: 0, coldStarts: 0 }])

    await Promise.all(Array.from({ length: 30 }, (_, nth) => send(`first-${nth}`)))
    await eventually(async () => expect(await reserved()).toBe(30), 60_000)
    await eventually(() => expect(scaler.states()).toMatchObject([{ ready: 0, starting: 0 }]), 60_000)
    await Promise.all(Array.from({ length: 30 }, (_, nth) => send(`second-${nth}`)))
    await eventually(async () => expect(await reserved()).toBe(60), 60_000)

    const [state] = scaler.states()
    expect(state!.coldStarts).toBeGreaterThanOrEqual(2)
    expect(state!.lastColdStartMs).toBeGreaterThan(0)
    expect(broker.kinds().filter((kind) => kind !== 'delivered')).toEqual([])
  }, 240_000)

  test('Pain 8: an event whose function is killed while it wakes comes again, and counts once', async () => {
    let kills = 0
    const send = await atZero(1, 60, (one) => {
      if (one.kind === 'started' && kills++ === 0) process.kill(one.pid, 'SIGKILL')
    })

    await send('o1')

    await eventually(async () => expect(await reserved()).toBe(1), 60_000)
    expect(observations.map(({ kind }) => kind)).toEqual(['started', expect.any(String), 'started', 'ready'])
    expect(await stock.rows(`select 1 from ledger where kind = 'reserved'`)).toHaveLength(1)
  }, 120_000)
})

describe('Pain 8: what a cold start has to load', () => {
  const live = liveFunctions()

  test.each(['orders/place-order', 'payments/pay-order', 'stock/reserve-stock', 'carts/add-to-cart'])(
    'Pain 8: %s is one file of 400 KiB at most',
    (path) => {
      expect(statSync(live.build(path)).size).toBeLessThanOrEqual(400 * 1024)
    },
  )

  test('Pain 8: every function may go to zero, so waking up is the rule and not the exception', () => {
    const { services } = readManifests('knative/base')

    expect(services.length).toBeGreaterThan(60)
    expect(services.filter(({ scale }) => scale.min !== 0).map(({ name }) => name)).toEqual([])
  })
})
