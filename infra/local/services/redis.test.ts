import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from '@upstash/redis'
import { ownPorts } from '#support/ports'
import { startRedis, type RedisServer } from './redis'

describe('Redis of the embedded platform, as @upstash/redis sees it', () => {
  const home = mkdtempSync(join(tmpdir(), `kiosk-tests-${process.pid}-redis-`))
  let ports: [port: number, restPort: number] = [0, 0]
  let server: RedisServer
  let redis: Redis

  const start = () =>
    startRedis({
      folder: join(home, 'redis'),
      port: ports[0],
      restPort: ports[1],
      runFolder: join(home, 'run'),
      cacheFolder: join(__dirname, '../../.kiosk/cache/bin'),
      token: 'a-token',
    })
  const client = (options: object = {}) =>
    new Redis({ url: server.restUrl, token: server.token, automaticDeserialization: false, ...options })

  beforeAll(async () => {
    ports = (await ownPorts(2)) as typeof ports
    server = await start()
    redis = client()
  })
  afterAll(async () => {
    await server.stop()
    rmSync(home, { recursive: true })
  })
  beforeEach(() => redis.flushall())

  test.each(['test', 'OK', '', 'été ☕', '{"a":1}', 'YWJj', '12', 'null'])(
    'gives back %j as it was set',
    async (text) => {
      await redis.set('key', text)

      await expect(redis.get('key')).resolves.toBe(text)
      await expect(redis.mget('key', 'none')).resolves.toEqual([text, null])
      await expect(client({ responseEncoding: false }).get('key')).resolves.toBe(text)
    },
  )

  test('answers commands as Redis does', async () => {
    await expect(redis.set('key', 'a', { nx: true, px: 60_000 })).resolves.toBe('OK')
    await expect(redis.set('key', 'b', { nx: true })).resolves.toBeNull()
    await expect(redis.incrby('count', 5)).resolves.toBe(5)
    await expect(redis.hset('hash', { TEA: 2, name: 'long' })).resolves.toBe(2)
    await expect(redis.hget('hash', 'name')).resolves.toBe('long')
    await expect(redis.ping()).resolves.toBe('PONG')
    await expect(redis.scan(0, { match: 'h*' })).resolves.toEqual(['0', ['hash']])
  })

  test('parses values when the client is asked to', async () => {
    const parsing = client({ automaticDeserialization: true })
    await parsing.set('order', { lines: [{ sku: 'TEA', quantity: 2 }] })

    await parsing.hset('hash', { TEA: 2, name: 'long' })

    await expect(parsing.get('order')).resolves.toEqual({ lines: [{ sku: 'TEA', quantity: 2 }] })
    await expect(parsing.hgetall('hash')).resolves.toEqual({ TEA: 2, name: 'long' })
  })

  test('runs Lua with keys and arguments, nested answers included', async () => {
    const script = `redis.call('SET', KEYS[1], ARGV[1])
      return { KEYS[1], ARGV[1], 7, { 'OK', { 'test', false } }, redis.status_reply('OK') }`

    const answer = await redis.eval(script, ['key'], ['test'])

    expect(answer).toEqual(['key', 'test', 7, ['OK', ['test', null]], 'OK'])
    await expect(redis.evalsha(await redis.scriptLoad('return ARGV[1]'), [], ['abcd'])).resolves.toBe('abcd')
    await expect(redis.createScript('return redis.call("GET", KEYS[1])').exec(['key'], [])).resolves.toBe(
      'test',
    )
  })

  test('answers a pipeline command by command', async () => {
    const answers = await redis
      .pipeline()
      .set('a', 'test')
      .get('a')
      .incr('a')
      .get('none')
      .exec({ keepErrors: true })

    expect(answers).toEqual([
      { result: 'OK' },
      { result: 'test' },
      { error: 'ERR value is not an integer or out of range' },
      { result: null },
    ])
  })

  test('runs a transaction as one', async () => {
    await expect(redis.multi().set('a', '1').incr('a').get('a').exec()).resolves.toEqual(['OK', 2, '2'])
  })

  test('runs no part of a transaction that holds a command there is not', async () => {
    const response = await post('/multi-exec', [['SET', 'a', '1'], ['NONSENSE']])

    expect(response.status).toBe(400)
    await expect(response.json()).resolves.toEqual({
      error: 'EXECABORT Transaction discarded because of previous errors.',
    })
    await expect(redis.get('a')).resolves.toBeNull()
  })

  test('gathers commands of one tick when auto-pipelining is on', async () => {
    const gathering = client({ enableAutoPipelining: true })

    const answers = await Promise.all([gathering.set('a', 'test'), gathering.get('a'), gathering.incr('n')])

    expect(answers).toEqual(['OK', 'test', 1])
  })

  const post = (path: string, body: unknown, token = server.token) =>
    fetch(`${server.restUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })

  test.each([
    ['without its token', '/', ['PING'], 'wrong', 401, 'Unauthorized'],
    ['that is not JSON', '/', 'PING', 'a-token', 400, 'ERR the request is not JSON'],
    ['that is empty', '/', [], 'a-token', 400, 'ERR a command is an array of words'],
    [
      'that would hold the connection',
      '/',
      ['BLPOP', 'a', '0'],
      'a-token',
      400,
      'ERR BLPOP is not available over REST',
    ],
    ['of an unknown path', '/nowhere', ['PING'], 'a-token', 404, 'there is nothing at /nowhere'],
  ])('refuses a request %s', async (_, path, body, token, status, error) => {
    const response = await post(path, body, token)

    expect(response.status).toBe(status)
    await expect(response.json()).resolves.toEqual({ error })
  })

  test('tells what Redis said of a wrong command', async () => {
    await redis.set('text', 'a')

    await expect(redis.incr('text')).rejects.toThrow('ERR value is not an integer or out of range')
  })

  test('is back by itself after kill -9, with what was written a second ago', async () => {
    await redis.set('cart', 'kept')
    await sleep(1100)
    const before = server.pid() ?? 0

    process.kill(before, 'SIGKILL')
    const killedAt = Date.now()
    const again = async (): Promise<unknown> =>
      redis.get('cart').catch(async (error: unknown) => {
        if (Date.now() - killedAt > 20_000) throw error
        await sleep(20)
        return again()
      })

    await expect(again()).resolves.toBe('kept')
    expect(server.pid()).not.toBe(before)
  })

  test('keeps its data over a restart, and refuses a port that is taken', async () => {
    await redis.set('cart', 'kept')
    await expect(start()).rejects.toThrow(
      `Port ${ports[0]} of 127.0.0.1 is already in use, and Redis needs it`,
    )

    await server.stop()
    server = await start()

    await expect(redis.get('cart')).resolves.toBe('kept')
  })
})
