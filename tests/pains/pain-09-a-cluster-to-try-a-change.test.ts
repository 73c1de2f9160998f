import { randomBytes } from 'node:crypto'
import { typeOf } from '#runtime/event'
import { fakeFunctions, type FakeFunctions } from '../../infra/local/broker/fake-functions'
import { eventually, openTestBroker, type TestBroker } from '../../infra/local/broker/test-broker'
import type { Observation } from '../../infra/local/broker/observation'
import { readManifests } from '../../infra/local/manifests/read-manifests'
import { operations } from '#support/tree'

/** The same files that a cluster gets. */
const { brokers, services, timers, triggers } = readManifests('knative/base')

/** Who hears an event, as the function.json files say. */
const heardBy = (event: string) =>
  operations()
    .filter(({ on }) => on?.includes(event))
    .map(({ name }) => name)
    .sort()
const events = [...new Set(operations().flatMap(({ emits = [], on = [] }) => [...emits, ...on]))].sort()

/**
 * What users of Knative and of its demos report: a cluster and gigabytes before one function can be tried, and a broker at
 * home that forgives what the real one drops.
 */
describe('Pain 9: a cluster to try a change', () => {
  let shop: TestBroker
  let functions: FakeFunctions
  let url: string
  const observed: Observation[] = []
  /** Two doors of one operation are two Services. */
  const operationOf = (service: string) => services.find(({ name }) => name === service)!.operation

  beforeAll(async () => {
    shop = await openTestBroker()
    functions = await fakeFunctions()
    const hurried = triggers.map((one) => ({
      ...one,
      delivery: { ...one.delivery, backoffDelayMs: 20, retry: 2 },
    }))
    const on = (observation: Observation) => void observed.push(observation)
    url = (await shop.start(hurried, { brokers, deliver: functions.deliver, on })).url
  }, 180_000)
  beforeEach(() => void (observed.length = 0))
  afterAll(async () => {
    await shop.close()
    await functions.close()
  })
  const send = async (event: string, id = randomBytes(8).toString('hex')) => {
    const headers = {
      ...{ 'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-id': id },
      ...{ 'ce-source': '/test', 'ce-type': typeOf(event) },
    }
    const response = await fetch(`${url}/${shop.namespace}/${event.split('/')[0]!}`, {
      method: 'POST',
      headers,
      body: '{}',
    })
    expect(response.status).toBe(202)
    return id
  }
  const gotBy = (id: string) =>
    [...new Set(triggers.map(({ service }) => service))]
      .filter((service) => functions.received(service).some(({ headers }) => headers['ce-id'] === id))
      .map(operationOf)
      .sort()

  test.each(events)(
    'Pain 9: %s reaches those who hear it, and nobody else, without a cluster',
    async (event) => {
      const id = await send(event)

      await eventually(() => expect(gotBy(id)).toEqual(heardBy(event)))
      await eventually(() =>
        expect(observed.filter(({ kind }) => kind === 'delivered')).toHaveLength(heardBy(event).length),
      )
      expect(gotBy(id)).toEqual(heardBy(event))
    },
  )

  const TRIED = ['retried', 'retried', 'dead-lettered']

  test.each([
    [500, TRIED, 'is tried again, and then kept as a dead letter'],
    [503, TRIED, 'is tried again, and then kept as a dead letter'],
    [429, TRIED, 'is tried again, and then kept as a dead letter'],
    [400, ['lost'], 'is gone for good, as on a cluster'],
    [404, ['lost'], 'is gone for good, as on a cluster'],
    [409, ['lost'], 'is gone for good, as on a cluster'],
  ])('Pain 9: an event that is answered %i was %j: it %s', async (status, fate) => {
    functions.answers('reserve-stock', () => ({ status }))
    const { name } = triggers.find(({ service }) => service === 'reserve-stock')!

    const id = await send('orders/order-placed.v1')

    const became = () =>
      observed.filter(({ trigger, event }) => trigger === name && event.id === id).map(({ kind }) => kind)
    await eventually(() => expect(['lost', 'dead-lettered', 'delivered']).toContain(became().at(-1)))
    expect(became()).toEqual(fate)
    const brought = functions.received('reserve-stock').filter(({ headers }) => headers['ce-id'] === id)
    expect(brought).toHaveLength(fate.length)
  })

  test('Pain 9: the manifests of a cluster are all that this machine needs to know', () => {
    const wanted = operations().filter(({ every }) => every !== undefined)

    expect(timers.map(({ service }) => operationOf(service)).sort()).toEqual(
      wanted.map(({ name }) => name).sort(),
    )
    expect(new Set(services.map(({ operation }) => operation))).toEqual(
      new Set(operations().map(({ name }) => name)),
    )
    expect(triggers.filter(({ delivery }) => delivery.deadLetterService !== 'bury-event')).toEqual([])
  })
})
