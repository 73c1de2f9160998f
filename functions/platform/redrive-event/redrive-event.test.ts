import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RedriveRequested } from '#events/platform/redrive-requested.v1/event'
import { openCallers } from '#runtime/caller'
import { openDatabase, type Connections } from '#runtime/database'
import { openDelivery, type Deliver, type Delivery } from '#runtime/deliver'
import { openDomain, urlOf } from '#support/domain'
import { listening, serve, tokens } from '#support/door'
import type { Listener } from '../listeners'
import { bringLetter } from './bring'
import { destinationsOf } from './destinations'
import deployable, { redriveEvent } from './handler'
import { messageOf } from './message'

const ACCEPTED = 'shop.kiosk.orders.order-accepted.v1'
const TAKEN: Delivery = { taken: true, away: false, status: 204, answer: '' }
const BROKEN: Delivery = { taken: false, away: false, status: 500, answer: '{"status":500}' }

/** Like those of the table of dead letters: 64 hexadecimal digits. */
const idOf = (name: string) => Buffer.from(name).toString('hex').padStart(64, '0')

describe('redrive-event', () => {
  const domain = openDomain('platform/redrive-event')
  const admin = { caller: { role: 'admin' as const } }
  const redrive = (input: { id?: string; type?: string }) => redriveEvent(input, domain.deps(admin))
  const bring = (name: string, deliver: Deliver) =>
    bringLetter(
      { deadLetterId: idOf(name), requestedAt: '2026-03-01T10:00:00.000Z' },
      { ...domain.eventDeps(), deliver },
    )

  const letter =
    (
      name: string,
      over: { type?: string; cause?: object; state?: string; at?: string; data?: string } = {},
    ) =>
    (db: Connections) => {
      const {
        type = ACCEPTED,
        state = 'buried',
        at = '2026-02-28T10:00:00Z',
        data = '{"orderId":"o1"}',
      } = over
      const cause = {
        trigger: 'charge-order-accepted-v1',
        attempts: 7,
        code: 500,
        answer: 'old',
        ...over.cause,
      }
      const attributes = {
        ...{ specversion: '1.0', id: name, source: 'https://kiosk.example/orders', type, subject: 'größe 1' },
        ...{ datacontenttype: 'application/json', kiosktrigger: 'charge', kioskattempts: '7' },
        ...{ knativeerrordest: 'http://charge.kiosk', knativeerrorcode: 500, knativeerrordata: 'b2xk' },
        ...{ partitionkey: 'o1', sequence: 3 },
      }
      return db.query(
        `insert into dead_letters (id, source, event_id, type, trigger, attributes, data, cause, state, buried_at)
         values ($1, 'https://kiosk.example/orders', $2, $3, 'charge', $4, $5, $6, $7, $8)`,
        [
          idOf(name),
          name,
          type,
          JSON.stringify(attributes),
          Buffer.from(data),
          JSON.stringify(cause),
          state,
          at,
        ],
      )
    }
  const states = async () =>
    (
      await domain.rows<{ event_id: string; state: string }>('select * from dead_letters order by event_id')
    ).map(({ event_id, state }) => `${event_id} ${state}`)
  /** Functions that answer so, and what came to them. */
  const functions = (answer: (service: string) => Delivery = () => TAKEN) => {
    const came: string[] = []
    const deliver: Deliver = async (service, { headers }) => {
      came.push(`${service} ${headers['ce-id']}`)
      return answer(service)
    }
    return { came, deliver }
  }

  test('sends a letter to the function that could not take it, and to no other', async () => {
    await domain.given(letter('a'))
    const { came, deliver } = functions()

    const reply = await redrive({ id: idOf('a') })

    expect(reply).toEqual({
      status: 202,
      body: { id: idOf('a'), state: 'redriven', destinations: ['charge'] },
    })
    expect(await states()).toEqual(['a redriven'])
    expect(await domain.emitted()).toEqual([
      [RedriveRequested.type, { deadLetterId: idOf('a'), requestedAt: '2026-03-01T10:00:00.000Z' }],
    ])

    await bring('a', deliver)

    expect(came).toEqual(['charge a'])
    expect(await domain.rows('select state, redrives, redriven_at, settled_at from dead_letters')).toEqual([
      {
        ...{ state: 'settled', redrives: 1 },
        ...{ redriven_at: new Date('2026-03-01T10:00:00Z'), settled_at: new Date('2026-03-01T10:00:00Z') },
      },
    ])
  })

  test('says why a letter failed again, and sends it once more when that is wanted', async () => {
    await domain.given(
      letter('a', { cause: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } }),
    )
    await redrive({ id: idOf('a') })

    await bring('a', functions(() => BROKEN).deliver)

    expect(await domain.rows('select state, cause from dead_letters')).toEqual([
      {
        state: 'failed-again',
        cause: {
          ...{ trigger: 'charge-order-accepted-v1', attempts: 8, code: 500, answer: '{"status":500}' },
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        },
      },
    ])

    await redrive({ id: idOf('a') })
    await bring('a', functions().deliver)
    expect(await domain.rows('select state, redrives from dead_letters')).toEqual([
      { state: 'settled', redrives: 2 },
    ])
  })

  test('forgets the status of a try before when there is none of this one', async () => {
    await domain.given(letter('a'))
    await redrive({ id: idOf('a') })

    await bring('a', functions(() => ({ taken: false, away: true, answer: 'ECONNREFUSED' })).deliver)

    expect(await domain.rows('select cause from dead_letters')).toEqual([
      { cause: { trigger: 'charge-order-accepted-v1', attempts: 8, answer: 'ECONNREFUSED' } },
    ])
  })

  test('sends a settled letter no more, however often it is asked or told to', async () => {
    await domain.given(letter('a'))
    await redrive({ id: idOf('a') })
    const { came, deliver } = functions()
    await bring('a', deliver)

    const again = await redrive({ id: idOf('a') })
    await Promise.all([bring('a', deliver), bring('a', deliver)])

    expect(again).toMatchObject({ status: 202, body: { state: 'settled' } })
    expect(came).toEqual(['charge a'])
    expect(await domain.emitted()).toHaveLength(1)
  })

  test('brings a letter again after a crash between its function and our note of it', async () => {
    await domain.given(letter('a'))
    await redrive({ id: idOf('a') })
    const { came, deliver } = functions()
    const { db, ...deps } = domain.eventDeps()
    const dying: typeof db.query = (text, values) =>
      came.length > 0 ? Promise.reject(new Error('killed')) : db.query(text, values)
    const request = { deadLetterId: idOf('a'), requestedAt: '2026-03-01T10:00:00.000Z' }

    await expect(bringLetter(request, { ...deps, db: { ...db, query: dying }, deliver })).rejects.toThrow(
      'killed',
    )
    expect(await states()).toEqual(['a redriven'])
    await bring('a', deliver)

    expect(came).toEqual(['charge a', 'charge a'])
    expect(await states()).toEqual(['a settled'])
  })

  test('lets no late failure undo that a letter is settled', async () => {
    await domain.given(letter('a'))
    await redrive({ id: idOf('a') })
    const slow: Deliver = async () => {
      await bring('a', functions().deliver)
      return BROKEN
    }

    await bring('a', slow)

    expect(await states()).toEqual(['a settled'])
  })

  test('sends all that wait of a type, and says how many wait still', async () => {
    await domain.given(
      ...['a', 'b', 'c'].map((name) => letter(name)),
      letter('d', { state: 'failed-again' }),
      letter('e', { state: 'settled' }),
      letter('f', { type: 'shop.kiosk.orders.order-placed.v1' }),
      letter('old', { at: '2026-02-01T10:00:00Z' }),
    )

    const reply = await redrive({ type: ACCEPTED })

    expect(reply).toEqual({ status: 202, body: { type: ACCEPTED, redriven: 4, waiting: 1 } })
    expect(await states()).toEqual([
      ...['a redriven', 'b redriven', 'c redriven', 'd redriven', 'e settled', 'f buried', 'old buried'],
    ])
    expect(await domain.emitted()).toHaveLength(4)
    expect((await redrive({ type: ACCEPTED })).body).toEqual({ type: ACCEPTED, redriven: 0, waiting: 1 })
  })

  test('sends each once when two ask for all of a type at the same moment', async () => {
    await domain.given(...Array.from({ length: 30 }, (_, index) => letter(`l${index}`)))

    const replies = await Promise.all([redrive({ type: ACCEPTED }), redrive({ type: ACCEPTED })])

    const counts = replies.map(({ body }) => (body as { redriven: number }).redriven)
    expect(counts[0]! + counts[1]!).toBe(30)
    expect(await domain.emitted()).toHaveLength(30)
  })

  test('refuses what nobody knows, nobody hears and somebody may have forgotten', async () => {
    await domain.given(
      letter('stray', { type: 'shop.kiosk.orders.nothing.v1' }),
      letter('old', { at: '2026-02-08T10:00:00Z' }),
    )

    await expect(redrive({ id: idOf('nothing') })).rejects.toMatchObject({ kind: 'unknown-dead-letter' })
    await expect(redrive({ id: idOf('stray') })).rejects.toMatchObject({ kind: 'no-listener' })
    await expect(redrive({ type: 'shop.kiosk.orders.nothing.v1' })).rejects.toMatchObject({
      kind: 'no-listener',
    })
    await expect(redrive({ id: idOf('old') })).rejects.toMatchObject({ kind: 'too-old' })
    await expect(redrive({})).rejects.toMatchObject({ kind: 'invalid-request' })
    await expect(redrive({ id: idOf('old'), type: ACCEPTED })).rejects.toMatchObject({
      kind: 'invalid-request',
    })
    expect(await domain.emitted()).toEqual([])
  })

  test('has failed again what is heard by nobody any more', async () => {
    await domain.given(letter('a', { state: 'redriven', type: 'shop.kiosk.orders.nothing.v1' }))

    await bring('a', functions().deliver)

    expect(await domain.rows('select state, cause from dead_letters')).toMatchObject([
      { state: 'failed-again', cause: { answer: 'No function hears this event any more.' } },
    ])
  })

  test('sends an event as it was, without what brokers added, and its data byte for byte', async () => {
    await domain.given(letter('a', { data: '{"a": 1}\n' }), letter('b', { state: 'redriven' }))
    const [row] = await domain.rows<{ attributes: Record<string, unknown>; data: Buffer }>(
      'select attributes, data from dead_letters order by event_id',
    )

    expect(messageOf(row!)).toEqual({
      headers: {
        ...{ 'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-id': 'a', 'ce-type': ACCEPTED },
        ...{ 'ce-source': 'https://kiosk.example/orders', 'ce-subject': 'gr%C3%B6%C3%9Fe%201' },
        ...{ 'ce-partitionkey': 'o1', 'ce-sequence': '3' },
      },
      body: Buffer.from('{"a": 1}\n'),
    })
  })

  const listeners: Listener[] = [
    { operation: 'charge', service: 'charge', trigger: 'charge-order-accepted-v1', type: ACCEPTED },
    { operation: 'mail', service: 'mail', trigger: 'mail-order-accepted-v1', type: ACCEPTED },
    { operation: 'stock', service: 'stock-events', trigger: 'stock-x-v1', type: 'x' },
    { operation: 'mail', service: 'mail', trigger: 'mail-x-v1', type: 'x' },
  ]
  test.each([
    ['its Trigger', ACCEPTED, { trigger: 'mail-order-accepted-v1' }, ['mail']],
    ['its address', ACCEPTED, { destination: 'http://charge.kiosk.svc.cluster.local/' }, ['charge']],
    ['an address in place of a Trigger', ACCEPTED, { trigger: 'http://charge.kiosk' }, ['charge']],
    [
      'the door for events',
      'x',
      { destination: 'http://stock-events.kiosk.svc.cluster.local' },
      ['stock-events'],
    ],
    ['nothing', ACCEPTED, {}, ['charge', 'mail']],
    ['a function that is no more', ACCEPTED, { trigger: 'gone-order-accepted-v1' }, ['charge', 'mail']],
    [
      'a function that hears other events',
      ACCEPTED,
      { destination: 'http://stock-events.kiosk' },
      ['charge', 'mail'],
    ],
    [
      'an address of somebody else',
      ACCEPTED,
      { destination: 'http://169.254.169.254/charge' },
      ['charge', 'mail'],
    ],
    ['a type that nobody hears', 'y', { trigger: 'mail-order-accepted-v1' }, []],
  ])('knows who gets a letter by %s', (_, type, cause, expected) => {
    expect(destinationsOf({ type, cause }, listeners)).toEqual(expected)
  })

  test('goes the whole way: asked over HTTP by an admin, told by the event, brought to the function', async () => {
    const came: { url: string | undefined; headers: IncomingHttpHeaders }[] = []
    const outside = createServer((request, response) => {
      came.push({ url: request.url, headers: request.headers })
      request.resume().on('end', () => response.writeHead(204).end())
    })
    await listening(outside)
    const home = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const { env, bearer } = await tokens()
    const settings = { ...env, DATABASE_URL: urlOf(row!.name), OPERATION_URL: `${home}/function/{operation}` }
    const parts = { database: openDatabase, callers: openCallers }
    const asked = await serve(deployable(domain.operation, parts, settings))
    const told = await serve(deployable(domain.operation, parts, { ...settings, KIOSK_DOOR: 'events' }))
    await domain.given(letter('a', { at: new Date().toISOString() }))
    const ask = async (path: string, role: 'staff' | 'admin', body?: object) => {
      const headers = { authorization: await bearer('root', role), 'content-type': 'application/json' }
      const answer = await fetch(`${asked.url}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body ?? {}),
      })
      return answer.status
    }

    expect(await ask(`/v1/dead-letters/${idOf('a')}/redrive`, 'staff')).toBe(403)
    expect(await ask(`/v1/dead-letters/${idOf('a')}/redrive`, 'admin')).toBe(202)
    expect(await ask('/v1/dead-letters/redrive', 'admin', { type: ACCEPTED })).toBe(202)
    const [[, data]] = (await domain.emitted()) as [[string, object]]
    const attributes = {
      'ce-specversion': '1.0',
      'ce-id': 'e1',
      'ce-source': 'x',
      'ce-type': RedriveRequested.type,
    }
    const headers = { ...attributes, 'content-type': 'application/json' }
    const { status } = await fetch(told.url, { method: 'POST', headers, body: JSON.stringify(data) })

    expect(status).toBe(204)
    expect(came).toMatchObject([{ url: '/function/charge/', headers: { 'ce-id': 'a', 'ce-type': ACCEPTED } }])
    expect(await states()).toEqual(['a settled'])
    await asked.close()
    await told.close()
    outside.close()
  })

  test('says that nobody is there when its own function is not', async () => {
    await domain.given(letter('a', { state: 'redriven' }))

    await bring('a', openDelivery({ OPERATION_URL: 'http://127.0.0.1:1/{operation}' }))

    expect(await domain.rows('select state, cause from dead_letters')).toMatchObject([
      { state: 'failed-again', cause: { answer: expect.stringContaining('ECONNREFUSED') as string } },
    ])
  })
})
