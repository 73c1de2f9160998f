import { randomUUID } from 'node:crypto'
import { FATES, HABITS, type Fate } from './data-plane-table'
import { BURIAL, EVENT, REPLY, RETRIES, SINK } from './probe/manifests'
import type { Delivered, Publication } from './probe/sink'
import { eventually, learn, type BrokerClass, type Target } from './target'

type Attributes = Record<string, string>

const STRUCTURED = 'application/cloudevents+json'

/**
 * Knative's data plane (specs/eventing/data-plane.md): what a broker takes, how it delivers, and what it makes of the
 * answer. The sink answers as each event says itself, so all of them can be on their way at once.
 */
export function dataPlane(broker: BrokerClass, target: () => Target): void {
  const publish = (message: Partial<Publication>) => {
    const body = JSON.stringify({ method: 'POST', headers: {}, body: '', ...message })
    return learn<{ status: number; headers: Attributes }>(target(), SINK, '/publications', {
      method: 'POST',
      body,
    })
  }
  const deliveriesOf = (id: string, service = SINK) =>
    learn<Delivered[]>(target(), service, `/deliveries?id=${encodeURIComponent(id)}`)
  const delivered = (id: string, service = SINK, count = 1) =>
    eventually(`delivery ${count} of ${id} to ${service}`, async () => {
      const all = await deliveriesOf(id, service)
      return all.length >= count ? all : undefined
    })
  /** Sends an event in binary mode, and gives its id. */
  const send = async (more: Attributes = {}, data = '{}'): Promise<string> => {
    const attributes: Attributes = { ...event(), ...more }
    const { status } = await publish({ headers: binary(attributes), body: base64(data) })
    expect(status).toBe(202)
    return attributes['id']!
  }
  /**
   * Waits until whatever was sent before has had its retries: an event of its own went all the way to the dead letters
   * since, and the others were refused before it was sent.
   */
  const settled = async () => {
    const fence = await send({ answers: '500' })
    await delivered(fence, BURIAL)
  }

  describe('the ingress', () => {
    const valid = binary({ ...event(), answers: '204' })
    const structured = JSON.stringify({ ...event(), answers: '204', data: {} })
    const without = (name: string) =>
      Object.fromEntries(Object.entries(valid).filter(([header]) => header !== name))

    test.each<[string, Partial<Publication>]>([
      ['in binary mode', { headers: valid, body: base64('{}') }],
      ['without data', { headers: without('content-type') }],
      ['in structured mode', { headers: { 'content-type': STRUCTURED }, body: base64(structured) }],
      [
        'in structured mode that names its charset',
        { headers: { 'content-type': `${STRUCTURED}; charset=utf-8` }, body: base64(structured) },
      ],
    ])('takes an event %s: 202', async (_, message) => {
      expect((await publish(message)).status).toBe(202)
    })

    test.each<[string, Partial<Publication>]>([
      ['without an id', { headers: without('ce-id') }],
      ['without a source', { headers: without('ce-source') }],
      ['without a type', { headers: without('ce-type') }],
      ['of no known version', { headers: { ...valid, 'ce-specversion': '7.0' } }],
      ['that is no event', { headers: { 'content-type': 'application/json' }, body: base64('{}') }],
      ['that is structured and no JSON', { headers: { 'content-type': STRUCTURED }, body: base64('{') }],
    ])('refuses a message %s: 400', async (_, message) => {
      expect((await publish(message)).status).toBe(400)
    })

    test('refuses a batch, and delivers none of it', async () => {
      const id = randomUUID()
      const headers = { 'content-type': 'application/cloudevents-batch+json' }

      const { status } = await publish({ headers, body: base64(JSON.stringify([{ ...event(), id }])) })

      expect(status).toBe(400)
      await settled()
      expect(await deliveriesOf(id)).toEqual([])
    })

    test('knows no other broker: 404', async () => {
      expect((await publish({ path: '/kiosk-conformance/nobody', headers: valid })).status).toBe(404)
    })

    test.each(['GET', 'PUT', 'DELETE'])('takes no %s: 405', async (method) => {
      expect((await publish({ method, headers: valid })).status).toBe(405)
    })

    const { options } = HABITS[broker]
    test(`answers OPTIONS with ${options}`, async () => {
      const { status, headers } = await publish({ method: 'OPTIONS' })

      expect(status).toBe(options)
      if (options === 200) expect(headers['allow']).toContain('POST')
    })
  })

  describe('a delivery', () => {
    const rich = {
      subject: 'orders/ü',
      time: '2026-03-01T10:00:00.123Z',
      dataschema: 'https://kiosk.example/events/a/b.v1/schema.json',
      partitionkey: 'a key',
      comment: 'Euro € 😀 100 % "quoted"',
      answers: '204',
    }

    test('is a POST in binary mode with every attribute, and the data byte for byte', async () => {
      const attributes = { ...event(), ...rich, datacontenttype: 'application/json; charset=utf-8' }
      const data = '{ "price":  1250, "name": "Käse" }'

      expect((await publish({ headers: binary(attributes), body: base64(data) })).status).toBe(202)

      const [seen] = await delivered(attributes.id)
      expect(seen!.attributes).toMatchObject(attributes)
      expect(Buffer.from(seen!.data, 'base64').toString()).toBe(data)
    })

    test('has the attributes and the data of an event that came in structured mode', async () => {
      const attributes = { ...event(), ...rich, subject: 'orders/1', comment: 'plain' }
      const data = { price: 1250, name: 'Käse', tags: [1, 'two', null] }
      const body = base64(JSON.stringify({ ...attributes, data }))

      expect((await publish({ headers: { 'content-type': STRUCTURED }, body })).status).toBe(202)

      const [seen] = await delivered(attributes.id)
      expect(seen!.attributes).toMatchObject(attributes)
      expect(JSON.parse(Buffer.from(seen!.data, 'base64').toString())).toEqual(data)
    })

    const { structuredUnicode } = HABITS[broker]
    test(`of an event that came in structured mode with letters that headers cannot have: ${structuredUnicode}`, async () => {
      const attributes = { ...event(), ...rich }
      const body = base64(JSON.stringify(attributes))

      expect((await publish({ headers: { 'content-type': STRUCTURED }, body })).status).toBe(
        structuredUnicode,
      )

      if (structuredUnicode !== 202) return
      const [seen] = await delivered(attributes.id)
      expect(seen!.attributes).toMatchObject(attributes)
    })

    test('has the bytes of data that came as base64', async () => {
      const bytes = Buffer.from([0, 1, 0xff, 0xfe, 10, 13]).toString('base64')
      const attributes = { ...event(), answers: '204', datacontenttype: 'application/octet-stream' }
      const body = base64(JSON.stringify({ ...attributes, data_base64: bytes }))

      expect((await publish({ headers: { 'content-type': STRUCTURED }, body })).status).toBe(202)

      const [seen] = await delivered(attributes.id)
      expect(seen).toMatchObject({ attributes, data: bytes })
    })

    test('says that a reply is taken', async () => {
      const [seen] = await delivered(await send())

      expect(seen!.headers['prefer']).toBe('reply')
    })

    test('goes to every Trigger whose filter it matches, extensions too, and to no other', async () => {
      const [both, one, none] = [
        await send({ copied: 'yes' }),
        await send({ copied: 'no' }),
        await send({ type: 'conformance.other', copied: 'yes' }),
      ]

      await Promise.all([delivered(both), delivered(both, BURIAL), delivered(one)])
      await settled()
      const seen = [
        await deliveriesOf(one, BURIAL),
        await deliveriesOf(none),
        await deliveriesOf(none, BURIAL),
      ]
      expect(seen).toEqual([[], [], []])
    })
  })

  describe('an answer', () => {
    const rows = FATES.flatMap(([statuses, fates]) =>
      statuses.map((status): [string, Fate, string] => [String(status), fates[broker], randomUUID()]),
    )
    rows.push(['200+text', HABITS[broker].textWithSuccess, randomUUID()])
    const once = new Map<string, string>()

    beforeAll(async () => {
      await Promise.all(
        rows.map(async ([status, , id]) => {
          await send({ id, answers: status })
          once.set(id, await send({ answers: `${status},204` }))
          await Promise.all([delivered(id), delivered(once.get(id)!)])
        }),
      )
      await settled()
    }, 120_000)

    test.each(rows)('%s always: the event is %s', async (_, fate, id) => {
      if (fate === 'retried' || fate === 'buried') await delivered(id, BURIAL)

      expect(await deliveriesOf(id)).toHaveLength(fate === 'retried' ? RETRIES + 1 : 1)
      if (fate === 'done' || fate === 'lost') expect(await deliveriesOf(id, BURIAL)).toEqual([])
    })

    test.each(rows)('%s and then 204: the event is %s', async (_, fate, id) => {
      if (fate === 'retried') await delivered(once.get(id)!, SINK, 2)

      expect(await deliveriesOf(once.get(id)!)).toHaveLength(fate === 'retried' ? 2 : 1)
      if (fate !== 'buried') expect(await deliveriesOf(once.get(id)!, BURIAL)).toEqual([])
    })

    test('200 with an event puts that event into the broker', async () => {
      const id = await send({ answers: '200+event' })

      const [reply] = await delivered(`${id}-reply`)
      expect(reply).toMatchObject({
        attributes: { type: REPLY, source: '/conformance/sink', datacontenttype: 'text/plain' },
        data: base64('replied'),
      })
      expect(await deliveriesOf(id)).toHaveLength(1)
    })

    const { repliesWith202 } = HABITS[broker]
    test(`202 with an event is ${repliesWith202 ? 'a reply, though it must not be' : 'never a reply'}`, async () => {
      const id = await send({ answers: '202+event' })

      await delivered(id)
      await settled()
      expect(await deliveriesOf(`${id}-reply`)).toHaveLength(repliesWith202 ? 1 : 0)
    })
  })

  describe('a dead letter', () => {
    test('has the attributes and the data of its event', async () => {
      const attributes = { ...event(), subject: 'orders/1', partitionkey: 'a key', answers: '500' }
      await send(attributes, '{"price": 1250}')

      const [letter] = await delivered(attributes.id, BURIAL)

      expect(letter).toMatchObject({ attributes, data: base64('{"price": 1250}') })
    })

    if (HABITS[broker].letterSaysWhy) {
      test('says who refused it, and how', async () => {
        const [letter] = await delivered(await send({ answers: '500,503' }), BURIAL)

        expect(letter!.attributes['knativeerrordest']).toMatch(/^http/)
        expect(letter!.attributes['knativeerrorcode']).toBe('503')
        expect(Buffer.from(letter!.attributes['knativeerrordata']!, 'base64').toString()).toContain('because')
      })
    }
  })
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

const event = () => ({ specversion: '1.0', id: randomUUID(), source: '/conformance', type: EVENT })

/** CloudEvents HTTP binding, section 3.1.3: an attribute for each header, percent-encoded where it must be. */
function binary({ datacontenttype = 'application/json', ...attributes }: Attributes): Attributes {
  const encoded = (value: string) => value.replace(/[^\x21\x23\x24\x26-\x7e]+/gu, encodeURIComponent)
  const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, encoded(value)])
  return { ...(Object.fromEntries(headers) as Attributes), 'content-type': datacontenttype }
}
