import { CloudEvent } from 'cloudevents'
import { atOnce } from '#support/carts'
import { openDatabase } from '#runtime/database'
import { openDomain, urlOf } from '#support/domain'
import { serve } from '#support/door'
import deployable, { buryEvent } from './handler'

describe('bury-event', () => {
  const domain = openDomain('platform/bury-event')
  const dead = (over: Record<string, unknown> = {}) =>
    new CloudEvent(
      {
        id: 'event-1',
        source: 'https://kiosk.example/orders',
        type: 'shop.kiosk.orders.order-accepted.v1',
        subject: 'order-1',
        time: '2026-03-01T09:59:00.000Z',
        datacontenttype: 'application/json',
        data: { orderId: 'order-1', total: 900 },
        kiosktrigger: 'charge',
        ...over,
      },
      false,
    ) as unknown as CloudEvent
  const bury = (over: Record<string, unknown> = {}) => buryEvent(dead(over), domain.eventDeps())
  const letters = () =>
    domain.rows<{ data: Buffer | null; attributes: object; cause: object; trigger: string; state: string }>(
      'select * from dead_letters order by buried_at, trigger',
    )

  test('keeps the event as it came, and why it died', async () => {
    await bury({
      kioskattempts: '6',
      knativeerrordest: 'http://charge.kiosk.svc.cluster.local/',
      knativeerrorcode: 500,
      knativeerrordata: Buffer.from('{"status":500}').toString('base64'),
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      partitionkey: 'order-1',
    })

    const [letter, ...others] = await letters()
    expect(others).toEqual([])
    expect(letter).toMatchObject({
      source: 'https://kiosk.example/orders',
      event_id: 'event-1',
      type: 'shop.kiosk.orders.order-accepted.v1',
      subject: 'order-1',
      trigger: 'charge',
      state: 'buried',
      data: Buffer.from('{"orderId":"order-1","total":900}'),
      attributes: { specversion: '1.0', time: '2026-03-01T09:59:00.000Z', partitionkey: 'order-1' },
      buried_at: new Date('2026-03-01T10:00:00.000Z'),
    })
    expect(letter!.cause).toEqual({
      trigger: 'charge',
      attempts: 6,
      destination: 'http://charge.kiosk.svc.cluster.local/',
      code: 500,
      answer: '{"status":500}',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    })
  })

  test('keeps no more of an answer than tells what went wrong', async () => {
    await bury({ knativeerrordata: 'x'.repeat(5_000) + '!' })

    expect((await letters()).map(({ cause }) => cause)).toEqual([
      { trigger: 'charge', answer: 'x'.repeat(1_024) },
    ])
  })

  test('leaves a settled letter alone when its burial comes once more', async () => {
    await bury()
    await domain.rows("update dead_letters set state = 'settled'")

    await bury({ knativeerrorcode: '503' })

    expect(await letters()).toMatchObject([{ state: 'settled', cause: { trigger: 'charge' } }])
  })

  test('keeps a letter once for each trigger, delivered again or many times at the same moment', async () => {
    await bury()
    await atOnce(10, () => bury({ kiosktrigger: 'send-mail' }))
    await bury()

    expect((await letters()).map(({ trigger }) => trigger)).toEqual(['charge', 'send-mail'])
  })

  test('knows the trigger by its address where the broker says no more, or not at all', async () => {
    await bury({ kiosktrigger: undefined })
    await bury({ kiosktrigger: undefined, knativeerrordest: 'http://charge.kiosk' })

    expect((await letters()).map(({ trigger, cause }) => [trigger, cause])).toEqual([
      ['', {}],
      ['http://charge.kiosk', { trigger: 'http://charge.kiosk', destination: 'http://charge.kiosk' }],
    ])
  })

  test('buries again what was sent again and died again, with its newest cause', async () => {
    await bury({ knativeerrorcode: '500' })
    await domain.rows("update dead_letters set state = 'redriven'")
    domain.at('2026-03-02T10:00:00.000Z')

    await bury({ knativeerrorcode: '503' })

    expect(await letters()).toMatchObject([
      { state: 'buried', cause: { code: 503 }, buried_at: new Date('2026-03-02T10:00:00.000Z') },
    ])
  })

  test.each([
    ['text that is no JSON', { data: '{"orderId":' }, Buffer.from('{"orderId":')],
    ['text with a NUL', { data: 'a\0b', subject: 'a\0b', odd: 'a\0b' }, Buffer.from('a\0b')],
    ['JSON with a NUL', { data: { a: '\0' } }, Buffer.from('{"a":"\\u0000"}')],
    ['bytes', { data: undefined, data_base64: '/wAB' }, Buffer.from([255, 0, 1])],
    ['no data', { data: undefined }, null],
    ['half a character', { data: { a: '\ud800' }, subject: '\ud800' }, Buffer.from('{"a":"\\ud800"}')],
    ['attributes of any length', { source: 's'.repeat(9_000), id: 'i'.repeat(9_000) }, expect.any(Buffer)],
    [
      'a cause that makes no sense',
      { kioskattempts: 'many', knativeerrordata: 'ab==cd' },
      expect.any(Buffer),
    ],
  ])('keeps an event with %s', async (_, over, data: unknown) => {
    await bury(over)

    expect((await letters()).map((letter) => letter.data)).toEqual([data])
  })

  test('answers the broker 204, and 503 while its database is away', async () => {
    const [{ name }] = (await domain.rows('select current_database() as name')) as [{ name: string }]
    const headers = {
      ...{ 'ce-specversion': '1.0', 'ce-id': 'event-1', 'ce-source': 'outside', 'ce-type': 'test' },
      ...{ 'ce-kiosktrigger': 'charge', 'content-type': 'text/plain' },
    }
    const answers: number[] = []
    for (const url of [urlOf(name), 'postgres://127.0.0.1:1/platform']) {
      const served = await serve(
        deployable(domain.operation, { database: openDatabase }, { DATABASE_URL: url }),
      )
      answers.push((await fetch(served.url, { method: 'POST', headers, body: 'not JSON' })).status)
      await served.close()
    }

    expect(answers).toEqual([204, 503])
    expect(await letters()).toMatchObject([{ data: Buffer.from('not JSON'), trigger: 'charge' }])
  })
})
