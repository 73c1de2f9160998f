import { existsSync } from 'node:fs'
import { ParcelDelivered } from '#events/platform/parcel-delivered.v1/event'
import { StockReceived } from '#events/platform/stock-received.v1/event'
import { openDatabase } from '#runtime/database'
import type { HttpFunction } from '#runtime/function'
import { ask } from '#support/ask'
import { openDomain, urlOf } from '#support/domain'
import { serve } from '#support/door'
import { credentialOf, producer } from '#support/producers'
import { foldersOf, operations } from '#support/tree'
import { addProducer } from '../../../infra/tools/add-producer'
import acceptEventFunction from './handler'

const STRUCTURED = 'application/cloudevents+json'
const BATCH = 'application/cloudevents-batch+json'

/** A warehouse says that goods came: `delivery('e1', { sku: 'TIN' })`. */
const delivery = (id: string, data: object = {}, over: object = {}) => ({
  ...{ specversion: '1.0', id, source: '/warehouses/north', type: StockReceived.type },
  ...{ datacontenttype: 'application/json', data: { sku: 'TEA', quantity: 12, ...data } },
  ...over,
})

describe('accept-event', () => {
  const domain = openDomain('platform/accept-event')
  const served: { door?: Awaited<ReturnType<typeof serve>> } = {}

  beforeAll(async () => {
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const env = { DATABASE_URL: urlOf(row!.name), DATABASE_CONNECTIONS: '8' }
    const fn: HttpFunction = acceptEventFunction(domain.operation, { database: openDatabase }, env)
    served.door = await serve(fn)
  })
  beforeEach(async () => {
    await domain.given(
      producer('north', StockReceived.path),
      producer('south', StockReceived.path),
      producer('carrier', ParcelDelivered.path),
    )
  })
  afterAll(() => served.door!.close())

  const post = async (body: unknown, headers: Record<string, string> = {}, name = 'north') => {
    const answer = await ask(Number(new URL(served.door!.url).port), '/v1/events', {
      method: 'POST',
      headers: { 'content-type': STRUCTURED, authorization: `Bearer ${credentialOf(name)}`, ...headers },
      body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    })
    const told = answer.body === '' ? undefined : (JSON.parse(answer.body) as Refusal)
    return { status: answer.status, headers: answer.headers, body: told }
  }
  const batch = (events: unknown, name?: string) => post(events, { 'content-type': BATCH }, name)

  test('takes what every event from outside says, and no event of the shop itself', () => {
    const ours = operations().flatMap(({ name, emits = [] }) => (name === 'accept-event' ? [] : emits))
    const outside = foldersOf('events/platform')
      .filter((name) => existsSync(`events/platform/${name}/event.ts`))
      .map((name) => `platform/${name}`)
      .filter((path) => !ours.includes(path))
    expect(domain.operation.emits).toEqual(outside)
  })

  test('takes one in structured mode, as an event of ours', async () => {
    expect(await post(delivery('e1', {}, { time: '2026-03-01T09:59:00Z', subject: 'TEA' }))).toMatchObject({
      status: 202,
      body: undefined,
    })

    expect(await domain.emitted()).toEqual([[StockReceived.type, { sku: 'TEA', quantity: 12 }]])
    expect(await domain.rows('select event from outbox')).toMatchObject([
      { event: { source: StockReceived.source, subject: 'TEA' } },
    ])
    expect(await domain.rows('select producer, source, id, type, happened_at from accepted_events')).toEqual([
      {
        ...{ producer: 'north', source: '/warehouses/north', id: 'e1', type: StockReceived.type },
        happened_at: '2026-03-01T09:59:00Z',
      },
    ])
  })

  test('takes one in binary mode', async () => {
    const attributes = {
      ...{ 'ce-specversion': '1.0', 'ce-id': 'e%201', 'ce-source': '/warehouses/north' },
      ...{ 'ce-type': StockReceived.type, 'content-type': 'application/json' },
    }

    expect(await post({ sku: 'TIN', quantity: 3 }, attributes)).toMatchObject({ status: 202 })

    expect(await domain.emitted()).toEqual([[StockReceived.type, { sku: 'TIN', quantity: 3 }]])
    expect(await domain.rows('select id from accepted_events')).toEqual([{ id: 'e 1' }])
  })

  test('takes a batch, in its order, and an empty one', async () => {
    const events = ['b', 'a', 'c'].map((id, index) => delivery(id, { quantity: index + 1 }))

    expect(await batch(events)).toMatchObject({ status: 202 })
    expect(await batch([])).toMatchObject({ status: 202 })

    expect((await domain.emitted()).map(([, data]) => data)).toEqual(events.map(({ data }) => data))
  })

  test('takes data in Base64, and drops what its class does not know', async () => {
    const { data, ...event } = delivery('e1', { newer: 'field' })
    const encoded = Buffer.from(JSON.stringify(data)).toString('base64')

    expect(await post({ ...event, data_base64: encoded, extension: 7 })).toMatchObject({ status: 202 })

    expect(await domain.emitted()).toEqual([[StockReceived.type, { sku: 'TEA', quantity: 12 }]])
  })

  test('gives an event one effect, however often and at the same moment it is sent', async () => {
    const requests = Array.from({ length: 10 }, (_, turn) =>
      turn % 2 ? post(delivery('e1')) : batch([delivery('e2'), delivery('e1'), delivery('e2')]),
    )

    const answers = await Promise.all(requests)
    const again = await post(delivery('e1', { quantity: 99 }))

    expect([...answers, again].map(({ status }) => status)).toEqual(Array(11).fill(202))
    expect(await domain.emitted()).toHaveLength(2)
    expect(await domain.rows('select id from accepted_events order by id')).toEqual([
      { id: 'e1' },
      { id: 'e2' },
    ])
  })

  test('lets batches that hold the same events in other orders pass at the same moment', async () => {
    const events = Array.from({ length: 40 }, (_, turn) => delivery(`e${turn}`))

    const answers = await Promise.all([batch(events), batch(events.toReversed()), batch(events)])

    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
    expect(await domain.emitted()).toHaveLength(40)
  })

  test("keeps apart what two producers call the same, so that nobody can use up another's ids", async () => {
    await post(delivery('e1', { quantity: 1 }), {}, 'south')
    await post(delivery('e1', { quantity: 2 }), {}, 'north')

    expect((await domain.emitted()).map(([, data]) => data)).toEqual([
      { sku: 'TEA', quantity: 1 },
      { sku: 'TEA', quantity: 2 },
    ])
  })

  test.each([
    ['no credential', {}],
    ['one that nobody has', { authorization: `Bearer ${credentialOf('nobody')}` }],
    ['an access token', { authorization: 'Bearer eyJhbGciOiJFZERTQSJ9.e30.c2ln' }],
    ['another scheme', { authorization: `Basic ${credentialOf('north')}` }],
  ])('refuses %s, whatever is sent with it', async (_, headers) => {
    const answer = await post('{', { authorization: '', ...headers })

    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
  })

  test('refuses what the credential may not tell, and takes nothing of its batch', async () => {
    const parcel = {
      type: ParcelDelivered.type,
      data: { orderId: 'o1', deliveredAt: '2026-03-01T10:00:00Z' },
    }

    const answer = await batch([delivery('e1'), delivery('e2', {}, parcel)])

    expect(answer).toMatchObject({
      status: 403,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        type: 'https://kiosk.example/problems/platform/type-not-allowed',
        errors: [{ pointer: '#/1/type' }],
      },
    })
    expect(await domain.rows('select from accepted_events')).toEqual([])
    expect(await batch([delivery('e2', {}, parcel)], 'carrier')).toMatchObject({ status: 202 })
  })

  test('says everything that is wrong with a batch, where it stands, and takes nothing of it', async () => {
    const answer = await batch([
      delivery('e1'),
      delivery('e2', { quantity: 0, sku: '' }),
      delivery('', {}, { source: 'with space' }),
      delivery('e4', {}, { type: 'shop.kiosk.orders.order-placed.v1' }),
      { ...delivery('e5'), data: undefined },
    ])

    expect(answer.status).toBe(422)
    expect(answer.body!.errors!.map(({ pointer }) => pointer).sort()).toEqual([
      '#/1/data/quantity',
      '#/1/data/sku',
      '#/2/id',
      '#/2/source',
      '#/3/type',
      '#/4/data',
    ])
    expect(await domain.emitted()).toEqual([])
    expect(await domain.rows('select from accepted_events')).toEqual([])
  })

  test.each<[string, unknown, Record<string, string>, number, string?]>([
    ['bytes that are no JSON', '{"id":', {}, 400],
    ['bytes that are no text', Buffer.from([0x22, 0xff, 0x22]), {}, 400],
    ['nothing', '', {}, 400],
    ['something else than an event', [delivery('e1')], {}, 422, '#'],
    ['something else than a batch', delivery('e1'), { 'content-type': BATCH }, 422, '#'],
    ['a batch of something else', [7], { 'content-type': BATCH }, 422, '#/0'],
    ['another version', delivery('e1', {}, { specversion: '0.3' }), {}, 422, '#/specversion'],
    ['an id that is no text', delivery('e1', {}, { id: 7 }), {}, 422, '#/id'],
    ['a time that is none', delivery('e1', {}, { time: 'soon' }), {}, 422, '#/time'],
    [
      'data of another kind',
      delivery('e1', {}, { datacontenttype: 'text/xml' }),
      {},
      422,
      '#/datacontenttype',
    ],
    ['data twice', delivery('e1', {}, { data_base64: 'e30=' }), {}, 422, '#/data_base64'],
    ['a class in disguise', delivery('e1', {}, { data: { constructor: 1 } }), {}, 422, '#/data/sku'],
    ['plain JSON', {}, { 'content-type': 'application/json' }, 415],
    ['another format', delivery('e1'), { 'content-type': 'application/cloudevents+avro' }, 415],
    [
      'a header that is missing',
      { sku: 'TEA', quantity: 1 },
      {
        'content-type': 'application/json',
        'ce-specversion': '1.0',
        'ce-type': StockReceived.type,
        'ce-source': '/x',
      },
      422,
      '#/ce-id',
    ],
    [
      'data of another type in binary mode',
      'tea',
      { 'content-type': 'text/plain', 'ce-specversion': '1.0', 'ce-type': StockReceived.type },
      415,
    ],
    ['an event of more than 64 KiB', delivery('e1', { note: 'x'.repeat(65_536) }), {}, 413],
    [
      'a batch of what nobody can follow',
      `[${'['.repeat(400_000)}${']'.repeat(400_000)}]`,
      { 'content-type': BATCH },
      400,
    ],
    ['a batch of more than 100', Array(101).fill(delivery('e1')), { 'content-type': BATCH }, 413],
    [
      'a batch with an event of more than 64 KiB',
      [delivery('e1'), delivery('e2', { note: 'x'.repeat(65_536) })],
      { 'content-type': BATCH },
      413,
      '#/1',
    ],
  ])('refuses %s', async (...[, body, headers, status, pointer]) => {
    const answer = await post(body, headers)

    expect(answer).toMatchObject({ status, headers: { 'content-type': 'application/problem+json' } })
    if (pointer !== undefined) expect(answer.body!.errors!.map((error) => error.pointer)).toContain(pointer)
    expect(await domain.rows('select from accepted_events')).toEqual([])
    expect(await domain.emitted()).toEqual([])
  })

  test('knows a producer by the credential it was given last', async () => {
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const add = () => addProducer({ url: urlOf(row!.name), name: 'east', events: [StockReceived.path] })
    const first = await add()
    await post(delivery('e1'), { authorization: `Bearer ${first}` })

    const second = await add()
    const answers = await Promise.all(
      [first, second].map((credential) => post(delivery('e1'), { authorization: `Bearer ${credential}` })),
    )

    expect(answers.map(({ status }) => status)).toEqual([401, 202])
    expect(await domain.emitted()).toHaveLength(1)
    expect(JSON.stringify(await domain.rows('select * from producers'))).not.toContain(second)
  })

  test.each(['orders/order-placed.v1', 'platform/ping-sent.v1', 'platform/nothing.v1'])(
    'nobody is let tell %s, which it would never take',
    async (path) => {
      const [row] = await domain.rows<{ name: string }>('select current_database() as name')
      const adding = addProducer({ url: urlOf(row!.name), name: 'x', events: [StockReceived.path, path] })

      await expect(adding).rejects.toThrow(
        `${path} is no event from outside; these are: platform/parcel-delivered.v1, platform/stock-received.v1`,
      )
      expect(await domain.rows(`select from producers where name = 'x'`)).toEqual([])
    },
  )
})

interface Refusal {
  type: string
  errors?: { detail: string; pointer: string }[]
}
