import { OrderPlaced } from '#events/orders/order-placed.v1/event'
import { StockReserved } from '#events/stock/stock-reserved.v1/event'
import { binaryEvent, type StoredEvent } from '#runtime/binary-event'
import { openDatabase } from '#runtime/database'
import type { Publish } from '#runtime/publish'
import { openDomain, operationOf, urlOf } from '#support/domain'
import { serve } from '#support/door'
import { level, orderPlaced } from '#support/stock'
import { operations } from '#support/tree'
import reserveStock from '../../functions/stock/reserve-stock/handler'
import type { Deliver } from '../../infra/local/broker/delivery'
import { eventually, openTestBroker, trigger, type TestBroker } from '../../infra/local/broker/test-broker'

/**
 * What users of other shops report: an event that is deleted before its handler is done, one try and no second, and a
 * table of events that nobody sends after a crash.
 */
describe('Pain 4: events lost or never sent', () => {
  const stock = openDomain('stock/reserve-stock')
  let broker: TestBroker
  const doors: Awaited<ReturnType<typeof serve>>[] = []
  const published: string[] = []

  /** The function itself; what it announces is taken at the nth try only. */
  const open = async (takenAt = 1, database?: string) => {
    const [row] = await stock.rows<{ name: string }>('select current_database() as name')
    let tries = 0
    const publisher = (): Publish => async (event) => {
      if (++tries < takenAt) throw new Error('the broker is away')
      published.push(event.type)
    }
    const env = { DATABASE_URL: database ?? urlOf(row!.name) }
    const parts = { database: openDatabase, publisher }
    const door = await serve(reserveStock(operationOf('stock/reserve-stock'), parts, env))
    doors.push(door)
    return door.url
  }
  const asking =
    (url: string): Deliver =>
    async (_, { headers, body }) => {
      const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) })
      return { status: response.status, headers: {}, body: Buffer.from(await response.arrayBuffer()) }
    }
  const start = (deliver: Deliver) =>
    broker.start([trigger({ filter: { type: OrderPlaced.type } })], { deliver })
  const send = (url: string, id: string) => {
    const { type, source, dataschema } = OrderPlaced
    const about = { id, type, source, dataschema, subject: id, time: '2026-03-01T10:00:00.000Z' }
    const data = orderPlaced(id, { TEA: 2 })
    const { headers, body } = binaryEvent({ ...about, extensions: {}, data } satisfies StoredEvent)
    return fetch(`${url}/${broker.namespace}/orders`, { method: 'POST', headers, body })
  }
  const reserved = async () =>
    (await stock.rows<{ reserved: number }>('select reserved from levels'))[0]!.reserved

  beforeEach(async () => {
    published.length = 0
    broker = await openTestBroker()
    await stock.given(level('TEA', 10))
  })
  afterEach(async () => {
    await broker.close()
    for (const door of doors.splice(0)) await door.close()
  })

  test('Pain 4: an event whose function has no database is delivered again, and handled when it has', async () => {
    const [row] = await stock.rows<{ name: string }>('select current_database() as name')
    const [without, working] = [await open(1, urlOf(`${row!.name}_gone`)), await open()]
    let tries = 0
    const { url } = await start((...asked) => asking(++tries <= 2 ? without : working)(...asked))

    await send(url, 'o1')

    await eventually(async () => expect(await reserved()).toBe(2))
    await eventually(() => expect(broker.kinds()).toEqual(['retried', 'retried', 'delivered']))
  })

  test('Pain 4: an event whose answer is lost is delivered again, and counts once', async () => {
    const ask = asking(await open())
    let tries = 0
    const { url } = await start(async (...asked) => {
      const answer = await ask(...asked)
      if (++tries <= 2) throw new Error('the connection broke behind the answer')
      return answer
    })

    await send(url, 'o1')

    await eventually(() => expect(broker.kinds()).toEqual(['retried', 'retried', 'delivered']))
    expect(await reserved()).toBe(2)
    expect(await stock.rows(`select 1 from ledger where kind = 'reserved'`)).toHaveLength(1)
  })

  test('Pain 4: an event is acknowledged when it is done and not before: a broker that dies delivers it again', async () => {
    const ask = asking(await open())
    let begun = 0
    let give = (_: Error) => {}
    const hanging = new Promise<never>((_, reject) => (give = reject))
    const on = [trigger({ filter: { type: OrderPlaced.type } })]
    const first = await broker.start(on, { deliver: () => (begun++, hanging), ackWaitMs: 300 })
    await send(first.url, 'o1')
    await eventually(() => expect(begun).toBe(1))

    await broker.stop()
    expect(await reserved()).toBe(0)
    await broker.start(on, { deliver: ask, ackWaitMs: 300 })

    await eventually(async () => expect(await reserved()).toBe(2))
    give(new Error('the process is gone'))
  })

  test('Pain 4: what a function announced is tried again while the broker is away, then kept for the relay', async () => {
    const [patient, hopeless] = [await open(3), await open(1_000)]
    const tell = async (url: string, id: string) => {
      const { type, source, dataschema } = OrderPlaced
      const about = { id, type, source, dataschema, subject: id, time: '2026-03-01T10:00:00.000Z' }
      const stored = { ...about, extensions: {}, data: orderPlaced(id, { TEA: 1 }) }
      const { headers, body } = binaryEvent(stored)
      return (await fetch(url, { method: 'POST', headers, body })).status
    }

    const statuses = [await tell(patient, 'o1'), await tell(hopeless, 'o2')]
    for (const door of doors.splice(0)) await door.close()

    const unsent = await stock.rows<{ type: string; order: string | null }>(
      `select event ->> 'type' as type, event #>> '{data,orderId}' as "order"
         from outbox where sent_at is null order by sequence`,
    )
    expect(statuses).toEqual([204, 204])
    expect(published).toContain(StockReserved.type)
    expect(unsent.filter(({ type }) => type === StockReserved.type)).toEqual([
      { type: StockReserved.type, order: 'o2' },
    ])
  })

  test('Pain 4: every domain that announces something has a function that sends what was left, each minute', () => {
    const tellers = new Set(
      operations().flatMap(({ domain, emits = [] }) => (emits.length > 0 ? [domain] : [])),
    )
    const relays = operations().filter(({ name }) => name.startsWith('relay-'))

    expect(relays.filter(({ every }) => every === '* * * * *').map(({ domain }) => domain)).toEqual(
      expect.arrayContaining([...tellers]),
    )
  })
})
