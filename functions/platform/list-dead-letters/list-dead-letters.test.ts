import { openDatabase, type Connections } from '#runtime/database'
import { openCallers } from '#runtime/caller'
import { openDomain, testCache, urlOf } from '#support/domain'
import { serve, tokens } from '#support/door'
import deployable, { listDeadLetters } from './handler'

const TYPE = 'shop.kiosk.orders.order-accepted.v1'

/** `data` is one character for each byte; null is an event without any. */
type Facts = { type: string; state: string; at: string; data: string | null }

describe('list-dead-letters', () => {
  const domain = openDomain('platform/list-dead-letters')
  const list = (input: object = {}) => listDeadLetters(input, domain.deps({ caller: { role: 'admin' } }))

  const letter =
    (
      id: string,
      { type = TYPE, state = 'buried', at = '2026-03-01T10:00:00Z', data = '{"a":1}' }: Partial<Facts> = {},
    ) =>
    (db: Connections) =>
      db.query(
        `insert into dead_letters
           (id, source, event_id, type, trigger, attributes, data, cause, state, buried_at)
         values ($1, 'https://kiosk.example/orders', $1, $2, 'charge', $3, $4, $5, $6, $7)`,
        [
          id,
          type,
          JSON.stringify({ id, type, odd: '\0' }),
          data === null ? null : Buffer.from(data, 'latin1'),
          JSON.stringify({ trigger: 'charge', code: 500 }),
          state,
          at,
        ],
      )

  test('lists the newest first, each as it came and with its cause', async () => {
    await domain.given(letter('old'), letter('new', { at: '2026-03-01T11:00:00Z' }))

    const { status, headers, body } = await list()

    expect(status).toBe(200)
    expect(headers).toEqual({
      Link: '</v1/dead-letters?page=1&pageSize=20>; rel="first", </v1/dead-letters?page=1&pageSize=20>; rel="last"',
    })
    const event = (id: string) => ({ id, type: TYPE, odd: '\0', data: { a: 1 } })
    const cause = { trigger: 'charge', code: 500 }
    expect(body).toEqual({
      items: [
        {
          id: 'new',
          state: 'buried',
          buriedAt: '2026-03-01T11:00:00.000Z',
          redrives: 0,
          event: event('new'),
          cause,
        },
        {
          id: 'old',
          state: 'buried',
          buriedAt: '2026-03-01T10:00:00.000Z',
          redrives: 0,
          event: event('old'),
          cause,
        },
      ],
      page: 1,
      pageSize: 20,
      total: 2,
    })
  })

  test.each([
    ['JSON', '[1]', { data: [1] }],
    ['text that is no JSON', '{"a":', { data: '{"a":' }],
    ['bytes', '\xff\0', { data_base64: '/wA=' }],
    ['nothing', null, {}],
  ])('shows data that is %s', async (_, data, shown) => {
    await domain.given(letter('one', { data }))

    const { body } = await list()

    expect(body).toMatchObject({ items: [{ event: { id: 'one', ...shown } }] })
    expect(Object.keys((body as { items: { event: object }[] }).items[0]!.event)).toHaveLength(
      3 + Object.keys(shown).length,
    )
  })

  test('shows what became of one that was sent again, and in which trace it was told', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await domain.given(letter('one'))
    await domain.rows(
      `update dead_letters set state = 'settled', redrives = 2, redriven_at = '2026-03-01T12:00:00Z',
              settled_at = '2026-03-01T12:00:01Z', cause = $1`,
      [JSON.stringify({ attempts: 8, traceparent })],
    )

    expect((await list({ state: 'settled' })).body).toMatchObject({
      items: [
        {
          ...{ state: 'settled', redrives: 2 },
          ...{ redrivenAt: '2026-03-01T12:00:00.000Z', settledAt: '2026-03-01T12:00:01.000Z' },
          cause: { attempts: 8, traceparent, traceId: '0af7651916cd43dd8448eb211c80319c' },
        },
      ],
    })
  })

  test('finds by type and by state', async () => {
    await domain.given(
      letter('one'),
      letter('two', { type: 'other' }),
      letter('three', { state: 'redriven' }),
    )

    const found = await Promise.all([
      list({ type: 'other' }),
      list({ state: 'redriven' }),
      list({ type: 'none' }),
    ])

    expect(found.map(({ body }) => body)).toMatchObject([
      { items: [{ id: 'two' }], total: 1 },
      { items: [{ id: 'three', state: 'redriven' }], total: 1 },
      { items: [], total: 0 },
    ])
  })

  test('turns pages that neither overlap nor miss one, though all died at the same moment', async () => {
    await domain.given(...['a', 'b', 'c', 'd', 'e'].map((id) => letter(id)))

    const pages = await Promise.all([1, 2, 3, 4].map((page) => list({ page, pageSize: 2 })))

    const ids = pages.map(({ body }) => (body as { items: { id: string }[] }).items.map(({ id }) => id))
    expect(ids).toEqual([['a', 'b'], ['c', 'd'], ['e'], []])
    expect(pages.map(({ body }) => (body as { total: number }).total)).toEqual([5, 5, 5, 5])
  })

  test('answers admins only', async () => {
    const [{ name }] = (await domain.rows('select current_database() as name')) as [{ name: string }]
    const { env, bearer } = await tokens()
    const parts = { database: openDatabase, cache: testCache, callers: openCallers }
    const served = await serve(deployable(domain.operation, parts, { ...env, DATABASE_URL: urlOf(name) }))
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${served.url}/v1/dead-letters?pageSize=5`, { headers })).status

    const answers = [
      await ask({}),
      await ask({ authorization: await bearer('ada') }),
      await ask({ authorization: await bearer('eve', 'staff') }),
      await ask({ authorization: await bearer('root', 'admin') }),
    ]
    await served.close()

    expect(answers).toEqual([401, 403, 403, 200])
  })
})
