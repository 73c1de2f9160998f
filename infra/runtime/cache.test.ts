import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testCache } from '#support/domain'
import { listening } from '#support/door'
import { openCache } from './cache'
import { isHeldBack } from './resilience'

describe('the cache', () => {
  const state = { asked: 0, answer: (_: ServerResponse): void => undefined }
  const server = createServer((_, response) => {
    state.asked++
    state.answer(response)
  })
  const refusing = (status: number, error: string) => (response: ServerResponse) =>
    void response.writeHead(status).end(JSON.stringify({ error }))
  const open = (bounds = {}) => {
    const { port } = server.address() as AddressInfo
    return openCache(
      { UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${port}`, UPSTASH_REDIS_REST_TOKEN: 'token' },
      bounds,
    )
  }
  beforeAll(() => listening(server))
  beforeEach(() => void (state.asked = 0))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  test('goes on after errors that Redis answers with', async () => {
    const cache = testCache()
    for (let n = 0; n < 9; n++) await expect(cache.eval('return nonsense(', [], [])).rejects.toThrow('ERR')

    expect(await cache.ping()).toBe('PONG')
  })

  test('is not asked for a while when Redis is not reachable, whichever command it is', async () => {
    const cache = open({ openMs: 60_000 })
    state.answer = refusing(503, 'Redis is not reachable')
    for (let n = 0; n < 5; n++) await expect(cache.get('a')).rejects.toThrow('not reachable')

    for (const ask of [
      () => cache.get('a'),
      () => cache.set('a', '1'),
      () => cache.pipeline().get('a').exec(),
    ]) {
      expect(isHeldBack(await ask().catch((error: unknown) => error))).toBe(true)
    }
    expect(state.asked).toBe(5)
  })

  test('takes silence for no answer, and asks no more when one silence is enough', async () => {
    const cache = open({ timeoutMs: 30, failures: 1, openMs: 60_000 })
    state.answer = () => undefined

    await expect(cache.get('a')).rejects.toMatchObject({ name: 'TimeoutError' })
    await new Promise((resume) => setImmediate(resume))

    expect(isHeldBack(await cache.get('a').catch((error: unknown) => error))).toBe(true)
    expect(state.asked).toBeLessThanOrEqual(1)
  })
})
