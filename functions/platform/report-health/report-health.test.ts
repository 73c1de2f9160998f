import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openCache } from '#runtime/cache'
import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import { openDomain, testCache } from '#support/domain'
import { listening, serve, tokens } from '#support/door'
import { brokerAt } from './broker'
import deployable, { reportHealth } from './handler'

describe('report-health', () => {
  const domain = openDomain('platform/report-health')
  const reachBroker = () => Promise.resolve()
  const redisAt = (url: string) =>
    openCache({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: 'token' })
  const brokerAtUrl = (url: string) => brokerAt({ K_SINK: `${url}/kiosk/platform` })
  const NOWHERE = 'http://127.0.0.1:2'
  const staff = { role: 'staff' as const }
  const report = (over: object = {}, caller: object = staff) =>
    reportHealth({}, { ...domain.deps({ caller }), reachBroker, ...over })

  const UP = { status: 'up', milliseconds: 0 }

  test('is up when everything answers', async () => {
    expect(await report()).toEqual({
      status: 200,
      body: { status: 'up', checks: { postgres: UP, redis: UP, broker: UP } },
    })
  })

  test.each([
    ['Redis', { cache: redisAt(NOWHERE) }, 'redis'],
    ['the broker', { reachBroker: brokerAtUrl(NOWHERE) }, 'broker'],
  ])('is degraded without %s, and still answers 200', async (_, over, name) => {
    const { status, body } = await report(over)

    expect(status).toBe(200)
    expect(body.status).toBe('degraded')
    expect(body.checks).toMatchObject({
      postgres: UP,
      [name]: { status: 'down', error: 'fetch failed: connect ECONNREFUSED 127.0.0.1:2' },
    })
  })

  test('is down without Postgres, and answers 503', async () => {
    const { db } = domain.deps()
    const query = () => Promise.reject(new Error('gone'))

    const reply = await report({ db: { ...db, query } })

    const checks = { postgres: { status: 'down', error: 'gone' }, redis: UP, broker: UP }
    expect(reply).toMatchObject({ status: 503, body: { status: 'down', checks } })
  })

  test('waits two seconds for what does not answer, for all at once', async () => {
    const silent = await answering(() => undefined)
    const began = Date.now()

    const { body } = await report({ cache: redisAt(silent.url), reachBroker: brokerAtUrl(silent.url) })

    const took = Date.now() - began
    silent.close()
    expect(body).toMatchObject({
      status: 'degraded',
      checks: { postgres: UP, redis: { status: 'down' }, broker: { status: 'down' } },
    })
    expect(took).toBeGreaterThan(1_900)
    expect(took).toBeLessThan(3_500)
  })

  test.each([
    ['anyone', { kind: 'anyone', id: '', role: undefined }],
    ['a customer', { role: 'customer' }],
  ])('tells %s no detail', async (_, caller) => {
    expect(await report({ reachBroker: brokerAtUrl(NOWHERE) }, caller)).toEqual({
      status: 200,
      body: { status: 'degraded' },
    })
  })

  test.each([
    [405, 'up'],
    [503, 'degraded'],
  ])('takes a broker that answers %i as %s', async (status, expected) => {
    const ingress = await answering((response) => response.writeHead(status).end())

    const { body } = await report({ reachBroker: brokerAtUrl(ingress.url) })

    ingress.close()
    expect(body.status).toBe(expected)
  })

  test('answers over HTTP: detail for staff only, while nothing it stands on is there', async () => {
    const { env, bearer } = await tokens()
    const nowhere = 'postgres://127.0.0.1:1/platform'
    const parts = { database: openDatabase, cache: testCache, callers: openCallers }
    const served = await serve(
      deployable(domain.operation, parts, {
        ...env,
        DATABASE_URL: nowhere,
        K_SINK: 'http://127.0.0.1:1/kiosk',
      }),
    )
    const ask = async (headers: Record<string, string>) => {
      const answer = await fetch(`${served.url}/v1/services/health`, { headers })
      return [answer.status, await answer.json()]
    }

    const [stranger, colleague] = [await ask({}), await ask({ authorization: await bearer('eve', 'staff') })]
    await served.close()

    expect(stranger).toEqual([503, { status: 'down' }])
    expect(colleague).toMatchObject([503, { status: 'down', checks: { redis: { status: 'up' } } }])
  })
})

/** A server that does the same to every request. */
async function answering(answer: (response: ServerResponse) => unknown) {
  const server = createServer((_request, response) => void answer(response))
  await listening(server)
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}
