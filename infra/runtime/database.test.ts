import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { IsString, Length } from 'class-validator'
import { listening, serve, tokens } from '#support/door'
import { openDomain, operationOf, urlOf } from '#support/domain'
import { order, price } from '#support/orders'
import { countedWire } from '#support/wire'
import placeOrder from '../../functions/orders/place-order/handler'
import { openCallers } from './caller'
import { openDatabase } from './database'
import { created, http, type Deps } from './http'
import type { Operation } from './operation'
import { openPublisher } from './publish'

class Note {
  @IsString() @Length(1, 20) text!: string
}

const operation: Operation = {
  name: 'keep-note',
  domain: 'orders',
  promise: 'Keeps a note.',
  http: ['POST /v1/notes'],
  caller: ['customer'],
  idempotent: 'required',
}

async function keepNote({ text }: Note, { db, ids }: Deps) {
  return db.transaction(async (tx) => {
    await tx.query('select pg_sleep(0.05)')
    tx.write('insert into notes (text) values ($1)', [text])
    return created(`/v1/notes/${ids.next()}`, { text })
  })
}

describe('database', () => {
  const domain = openDomain('orders/place-order')

  test('undoes everything when a statement nobody waited for fails, and says which', async () => {
    const { db } = domain.deps()
    const work = db.transaction(async (tx) => {
      await tx.query(`insert into inbox (consumer, source, id) values ('c', 's', '1')`)
      tx.write('insert into no_such_table values (1)')
      tx.write(`insert into inbox (consumer, source, id) values ('c', 's', '2')`)
    })

    await expect(work).rejects.toMatchObject({ code: '42P01' })
    expect(await domain.rows('select id from inbox')).toEqual([])
  })

  test('does a thing once for an event, however many deliveries arrive together', async () => {
    const { db } = domain.eventDeps()
    const event = { source: 's', id: 'e1' }
    const work = () => db.once(event, async (tx) => tx.write(`insert into order_counts default values`))
    await domain.given((plain) => plain.query('create table if not exists order_counts (n int default 1)'))

    const done = await Promise.all(Array.from({ length: 20 }, work))

    expect(done.filter(Boolean)).toHaveLength(1)
    expect(await domain.rows('select n from order_counts')).toEqual([{ n: 1 }])
  })

  test('does it again when the first try failed', async () => {
    const { db } = domain.eventDeps()
    const event = { source: 's', id: 'e2' }

    await expect(db.once(event, () => Promise.reject(new Error('killed')))).rejects.toThrow('killed')

    expect(await db.once(event, () => Promise.resolve())).toBe(true)
    expect(await db.once(event, () => Promise.resolve())).toBe(false)
  })

  test('tries a deadlocked transaction again', async () => {
    const { db } = domain.deps()
    await domain.given((plain) =>
      plain.query(`insert into inbox (consumer, source, id) values ('c','s','a'), ('c','s','b')`),
    )
    const touch = (first: string, second: string) =>
      db.transaction(async (tx) => {
        const lock = 'update inbox set handled_at = now() where id = $1'
        await tx.query(lock, [first])
        await tx.query('select pg_sleep(0.1)')
        await tx.query(lock, [second])
      })

    await Promise.all([touch('a', 'b'), touch('b', 'a')])
  })
})

describe('a repeatable request', () => {
  const domain = openDomain('orders/place-order')
  let keys: Awaited<ReturnType<typeof tokens>>
  let door: { url: string; close: () => Promise<void> }
  const post = async (key: string | undefined, text: string, caller = 'ada') =>
    fetch(`${door.url}/v1/notes`, {
      method: 'POST',
      body: JSON.stringify({ text }),
      headers: {
        authorization: await keys.bearer(caller),
        'content-type': 'application/json',
        ...(key !== undefined && { 'idempotency-key': key }),
      },
    })
  const notes = async () =>
    (await domain.rows<{ text: string }>('select text from notes order by text')).map((row) => row.text)

  beforeAll(async () => {
    keys = await tokens()
    const [{ current_database: name }] = (await domain.rows<{ current_database: string }>(
      'select current_database()',
    )) as [{ current_database: string }]
    await domain.given((db) => db.query('create table notes (text text)'))
    const env = { ...keys.env, DATABASE_URL: urlOf(name), DATABASE_CONNECTIONS: '10' }
    door = await serve(http(Note, keepNote)(operation, { database: openDatabase, callers: openCallers }, env))
  })
  afterAll(() => door.close())

  test('is done once and answered alike, and says that it was', async () => {
    const first = await post('k1', 'tea')
    const again = await post('k1', 'tea')

    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null])
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(await again.json()).toEqual(await first.json())
    expect(await notes()).toEqual(['tea'])
  })

  test('is done once when twenty arrive together', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('k2', 'tea')))

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ headers }) => headers.get('location'))).size).toBe(1)
    expect(await notes()).toEqual(['tea'])
  })

  test('is told apart by its body and its caller', async () => {
    await post('k3', 'tea')

    expect((await post('k3', 'coffee')).status).toBe(422)
    expect((await post('k3', 'coffee', 'bob')).status).toBe(201)
    expect(await notes()).toEqual(['coffee', 'tea'])
  })

  test.each([
    ['is missing', undefined],
    ['is empty', ''],
    ['is too long', 'k'.repeat(256)],
    ['has a space', 'a b'],
  ])('is 400 when its key %s', async (_, key) => {
    expect((await post(key, 'tea')).status).toBe(400)
    expect(await notes()).toEqual([])
  })
})

describe('placing an order through its door', () => {
  const domain = openDomain('orders/place-order')
  let broker: Server
  const taken: { type: string | undefined; id: string | undefined }[] = []
  /** What the broker's answer waits for: an event is marked as sent behind it. */
  let counted = Promise.resolve()

  beforeAll(async () => {
    broker = createServer((request, response) => {
      taken.push({ type: request.headers['ce-type'] as string, id: request.headers['ce-id'] as string })
      request.resume().on('end', () => void counted.then(() => response.writeHead(202).end()))
    })
    await listening(broker)
  })
  afterAll(() => new Promise((resolve) => broker.close(resolve)))

  test('takes at most three round trips to Postgres, and its event reaches the broker', async () => {
    await domain.given(price('TEA', 450))
    const keys = await tokens()
    const [{ current_database: name }] = (await domain.rows<{ current_database: string }>(
      'select current_database()',
    )) as [{ current_database: string }]
    const wire = await countedWire(new URL(urlOf(name)))
    const env = {
      ...keys.env,
      DATABASE_URL: wire.url,
      DATABASE_CONNECTIONS: '1',
      K_SINK: `http://127.0.0.1:${(broker.address() as AddressInfo).port}/kiosk/orders`,
      VIEW_CART_URL: 'http://127.0.0.1:9',
      VIEW_PRODUCT_URL: 'http://127.0.0.1:9',
    }
    const parts = { database: openDatabase, callers: openCallers, publisher: openPublisher }
    const door = await serve(placeOrder(operationOf('orders/place-order'), parts, env))
    const place = async (key: string) =>
      fetch(`${door.url}/v1/orders`, {
        method: 'POST',
        body: JSON.stringify(order({ TEA: 1 }, { confirmedTotal: 450 })),
        headers: {
          authorization: await keys.bearer('ada'),
          'content-type': 'application/json',
          'idempotency-key': key,
        },
      })
    await (await place('warm-up')).json()
    await sent(2)
    const before = wire.count.trips
    let count = () => {}
    counted = new Promise((resolve) => (count = resolve))

    const response = await place('measured')
    const trips = wire.count.trips - before
    count()
    await sent(3)
    await door.close()
    await wire.close()

    expect(response.status).toBe(201)
    expect(trips).toBeLessThanOrEqual(3)
    expect(taken.map(({ type }) => type)).toEqual(Array(2).fill('shop.kiosk.orders.order-placed.v1'))
    expect(await domain.rows('select id::text from outbox where sent_at is not null')).toHaveLength(2)
  })

  /** The events of `count - 1` orders are marked as sent. */
  const sent = async (count: number) => {
    for (let tries = 0; tries < 1_000; tries++) {
      if ((await domain.rows('select id from outbox where sent_at is not null')).length >= count - 1) return
      await new Promise((resume) => setTimeout(resume, 20))
    }
    throw new Error('the event was not marked as sent in time')
  }
})
