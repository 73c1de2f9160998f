import { openCache } from '#runtime/cache'
import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import { openPublisher } from '#runtime/publish'
import { openDomain, testCache } from '#support/domain'
import { serve, tokens } from '#support/door'
import { answer } from '../ping'
import deployable, { reportHealth } from './handler'
import type { FunctionState } from './functions'
import { Recently } from './recently'

const DOMAINS = ['accounts', 'catalog', 'mail', 'orders', 'payments', 'platform', 'stock']
const NOWHERE = 'http://127.0.0.1:2'
const UP = { status: 'up', milliseconds: 0 }
const down = (error: unknown) => ({ status: 'down', milliseconds: 0, error })

describe('report-health', () => {
  const domain = openDomain('platform/report-health')
  const staff = { role: 'staff' as const }
  const ready: FunctionState = { name: 'charge', state: 'ready' }
  const askRelay = () => Promise.resolve({ unsent: 0 })
  /** A broker that brings each ping to answer-ping. */
  const publish = async ({ data }: { data: object }) => {
    const { pingId } = data as { pingId: string }
    await answer(domain.deps().db, pingId, new Date())
  }
  const ports = () => ({
    askRelay,
    publish,
    listFunctions: () => Promise.resolve([ready]),
    recently: new Recently<never>(5_000),
  })
  const report = (over: object = {}, caller: object = staff) =>
    reportHealth({}, { ...domain.deps({ caller }), ...ports(), ...over })
  const without =
    (...gone: string[]) =>
    (name: string) =>
      gone.includes(name) ? Promise.reject(new Error(`relay-${name} answered 503`)) : askRelay()

  test('is up when every domain, the cache, the broker and every function are there', async () => {
    expect(await report()).toEqual({
      status: 200,
      body: {
        status: 'up',
        checks: {
          databases: Object.fromEntries(DOMAINS.map((name) => [name, UP])),
          cache: UP,
          broker: UP,
          functions: { ...UP, states: [ready] },
        },
      },
    })
  })

  test.each(['catalog', 'orders', 'payments', 'stock'])(
    'is down without the database of %s, since nothing can be sold, and answers 503',
    async (name) => {
      const { status, body } = await report({ askRelay: without(name) })

      expect([status, body.status]).toEqual([503, 'down'])
      expect(body.checks!.databases).toMatchObject({
        [name]: down(`relay-${name} answered 503`),
        accounts: UP,
      })
    },
  )

  test.each(['accounts', 'mail', 'platform'])(
    'is degraded without the database of %s, and answers 200',
    async (name) => {
      const { status, body } = await report({ askRelay: without(name) })

      expect([status, body.status]).toEqual([200, 'degraded'])
    },
  )

  test('is degraded without Redis', async () => {
    const cache = openCache({ UPSTASH_REDIS_REST_URL: NOWHERE, UPSTASH_REDIS_REST_TOKEN: 'token' })

    const { status, body } = await report({ cache })

    expect([status, body.status]).toEqual([200, 'degraded'])
    expect(body.checks!.cache).toMatchObject({ status: 'down', error: expect.stringMatching(/./) as unknown })
  })

  test('is degraded when the broker takes no ping', async () => {
    const { status, body } = await report({ publish: openPublisher({ K_SINK: `${NOWHERE}/kiosk/platform` }) })

    expect([status, body.status]).toEqual([200, 'degraded'])
    expect(body.checks!.broker.error).toContain('ECONNREFUSED')
  })

  test('is degraded when the broker takes a ping and does not bring it', async () => {
    const { status, body } = await report({ publish: () => Promise.resolve() })

    expect([status, body.status]).toEqual([200, 'degraded'])
    expect(body.checks!.broker).toMatchObject({ status: 'down', error: 'no answer in 12000 ms' })
  }, 120_000)

  test('is degraded when a function cannot start, and says which and why', async () => {
    const failed = { name: 'refund', state: 'failed', reason: 'it ended with exit code 1' }

    const { status, body } = await report({ listFunctions: () => Promise.resolve([ready, failed]) })

    expect([status, body.status]).toEqual([200, 'degraded'])
    expect(body.checks!.functions.states).toEqual([ready, failed])
  })

  test('a release that goes on does not degrade it; a platform that does not tell does', async () => {
    const starting = { name: 'refund', state: 'starting' }

    const during = await report({ listFunctions: () => Promise.resolve([starting]) })
    const untold = await report({ listFunctions: () => Promise.reject(new Error('403')) })

    expect([during.body.status, untold.body.status]).toEqual(['up', 'degraded'])
  })

  test.each([
    ['anyone', { kind: 'anyone', id: '', role: undefined }],
    ['a customer', { role: 'customer' }],
  ])('tells %s no detail', async (_, caller) => {
    expect(await report({ askRelay: without('mail') }, caller)).toEqual({
      status: 200,
      body: { status: 'degraded' },
    })
  })

  test('has the answer to its ping before it wakes an operation of each domain', async () => {
    const order: string[] = []
    const heard = async (event: { data: object }) => {
      await publish(event)
      order.push('ping')
    }
    const asked = (name: string) => {
      order.push(name)
      return askRelay()
    }

    await report({ publish: heard, askRelay: asked })

    expect(order).toEqual(['ping', ...DOMAINS])
  })

  test('looks once in five seconds, however many ask', async () => {
    const asked: string[] = []
    const counting = {
      ...ports(),
      askRelay: (name: string) => {
        asked.push(name)
        return askRelay()
      },
    }

    await Promise.all([report(counting), report(counting)])
    domain.at('2026-03-01T10:00:04.999Z')
    await report(counting)
    expect(asked).toEqual(DOMAINS)

    domain.at('2026-03-01T10:00:05.000Z')
    await report(counting)
    expect(asked).toHaveLength(2 * DOMAINS.length)
  })

  test('answers over HTTP: detail for staff only, while nothing it stands on is there', async () => {
    const { env, bearer } = await tokens()
    const parts = { database: openDatabase, cache: testCache, callers: openCallers }
    const served = await serve(
      deployable(domain.operation, parts, {
        ...env,
        DATABASE_URL: 'postgres://127.0.0.1:1/platform',
        K_SINK: `${NOWHERE}/kiosk`,
        OPERATION_URL: `${NOWHERE}/function/{operation}`,
        SERVICES_URL: `${NOWHERE}/services`,
      }),
    )
    const ask = async (headers: Record<string, string>) => {
      const reply = await fetch(`${served.url}/v1/services/health`, { headers })
      return [reply.status, await reply.json()]
    }

    const [stranger, colleague] = [await ask({}), await ask({ authorization: await bearer('eve', 'staff') })]
    await served.close()

    expect(stranger).toEqual([503, { status: 'down' }])
    expect(colleague).toMatchObject([503, { status: 'down', checks: { cache: { status: 'up' } } }])
  })
})
