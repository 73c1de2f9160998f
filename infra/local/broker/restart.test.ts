import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { buildSync } from 'esbuild'
import { connect } from 'nats'
import { type Nats, startNats } from '../services/nats'
import { ownPorts } from '#support/ports'
import { cloudEvent } from './cloud-event'
import { brokerStream } from './stream'
import { eventually, openTestBroker, type TestBroker, testNatsUrl, trigger } from './test-broker'

const home = mkdtempSync(join(tmpdir(), 'kiosk-broker-'))
afterAll(() => rmSync(home, { recursive: true }))

describe('the broker, when nats-server goes away', () => {
  let options: Parameters<typeof startNats>[0]
  let nats: Nats
  let shop: TestBroker
  beforeAll(async () => {
    const [port = 0] = await ownPorts(1)
    const cacheFolder = join(process.cwd(), '.kiosk', 'cache', 'bin')
    options = { folder: join(home, 'nats'), runFolder: join(home, 'run'), port, cacheFolder }
    nats = await startNats(options)
    shop = await openTestBroker(nats.url)
    await shop.start([trigger()], { ackWaitMs: 1_000 })
  }, 120_000)
  afterAll(async () => {
    await shop.close()
    await nats.stop()
  })

  const ids = () => new Set(shop.received().map(({ headers }) => headers['ce-id']))

  test('loses no event that it answered with 202, though nats-server is killed in the middle', async () => {
    shop.functions.answers('reserve-stock', () => pause(20).then(() => ({ status: 204 })))
    const sent = Array.from({ length: 300 }, (_, n) => String(n))
    const refused = new Set<number>()
    for (const id of sent) {
      if (id === '100') process.kill(nats.pid()!, 'SIGKILL')
      for (let status = 0; status !== 202;) {
        status = (await shop.send({ id })).status
        if (status !== 202) refused.add(status)
        await pause(status === 202 ? 0 : 50)
      }
    }

    expect([...refused]).toEqual([503])
    await eventually(() => expect(sent.filter((id) => !ids().has(id))).toEqual([]), 60_000)
  }, 180_000)

  test('answers 503 when JetStream does not acknowledge in time; sent again, the event is delivered once', async () => {
    process.kill(nats.pid()!, 'SIGSTOP')
    // Answered while the server cannot: nobody waits for it to come to itself.
    const late = await shop.send({ id: 'late' })
    process.kill(nats.pid()!, 'SIGCONT')
    const again = await shop.send({ id: 'late' })

    expect([late.status, late.headers.get('retry-after'), again.status]).toEqual([503, '1', 202])
    expect(await late.json()).toMatchObject({
      detail: expect.stringContaining('JetStream did not acknowledge') as string,
    })
    await eventually(() => expect(ids()).toContain('late'))
    await pause(200)
    expect(shop.received().filter(({ headers }) => headers['ce-id'] === 'late')).toHaveLength(1)
  })

  test('answers 503 at once while it is away, and goes on when it is back', async () => {
    await nats.stop()
    const away = await shop.send({ id: 'away' })
    nats = await startNats(options)
    await eventually(async () => expect((await shop.send({ id: 'back' })).status).toBe(202))

    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1'])
    // Its words are those for a server that was not asked, so that nobody waited for an acknowledgement.
    expect(await away.json()).toMatchObject({
      status: 503,
      detail: 'JetStream cannot be reached. Send it again.',
    })
    await eventually(() => expect(ids()).toContain('back'))
  }, 180_000)
})

describe('the broker, when it goes away itself', () => {
  const bundle = join(home, 'broker.cjs')
  let shop: TestBroker
  let child: ChildProcess | undefined
  beforeAll(() => {
    const contents = `
      import { startBroker } from './broker'
      const deliver = (service, request) => {
        console.log('got ' + request.headers['ce-id'])
        return new Promise(() => undefined)
      }
      const given = { ...JSON.parse(process.argv[2]), port: 0, inFlight: () => 4, on: () => undefined, deliver }
      startBroker(given).then(({ url }) => console.log('up ' + url))
    `
    const stdin = { contents, resolveDir: __dirname, loader: 'ts' as const }
    buildSync({ stdin, bundle: true, platform: 'node', outfile: bundle, logLevel: 'error' })
  })
  beforeEach(async () => (shop = await openTestBroker()))
  afterEach(async () => {
    child?.kill('SIGKILL')
    await shop.close()
  })

  const attempts = () =>
    shop.observations
      .filter(({ kind }) => kind === 'delivered')
      .map(({ event, attempt }) => [event.id, attempt])

  test('delivers again what was in flight when its process was killed', async () => {
    const { namespace } = shop
    const given = {
      natsUrl: testNatsUrl(),
      namespace,
      brokers: ['orders'],
      triggers: [trigger()],
      ackWaitMs: 2_000,
    }
    let said = ''
    child = spawn(process.execPath, [bundle, JSON.stringify(given)], { stdio: ['ignore', 'pipe', 'inherit'] })
    child.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()))
    await eventually(() => expect(said).toMatch(/up http/))
    const attributes = {
      'ce-specversion': '1.0',
      'ce-id': '1',
      'ce-source': '/orders',
      'ce-type': 'order-placed',
    }
    await fetch(`${/up (.*)/.exec(said)![1]}/${namespace}/orders`, { method: 'POST', headers: attributes })
    await eventually(() => expect(said).toContain('got 1'))

    child.kill('SIGKILL')
    await shop.start([trigger()], { ackWaitMs: 2_000 })

    await eventually(() => expect(attempts()).toEqual([['1', 2]]))
  })

  test('waits for deliveries in flight when it is stopped, and has them acknowledged', async () => {
    shop.functions.answers('reserve-stock', () => pause(300).then(() => ({ status: 204 })))
    await shop.start([trigger()], { stopLimitMs: 20_000, ackWaitMs: 2_000 })
    await shop.send({ id: '1' })
    await eventually(() => expect(shop.received()).toHaveLength(1))

    await shop.stop()
    await shop.start([trigger()], { ackWaitMs: 2_000 })

    await pause(2_500)
    expect(attempts()).toEqual([['1', 1]])
  })

  test('waits no longer than its limit; the event comes again', async () => {
    let hasAnswered = false
    shop.functions.answers('reserve-stock', async (nth) => {
      if (nth > 1) return { status: 204 }
      await pause(20_000, undefined, { ref: false })
      hasAnswered = true
      return { status: 204 }
    })
    const patient = trigger({ delivery: { timeoutMs: 60_000 } })
    await shop.start([patient], { stopLimitMs: 100, ackWaitMs: 2_000 })
    await shop.send({ id: '1' })
    await eventually(() => expect(shop.received()).toHaveLength(1))

    await shop.stop()
    expect(hasAnswered).toBe(false)
    await shop.start([patient], { ackWaitMs: 2_000 })

    await eventually(() => expect(attempts()).toEqual([['1', 2]]))
  })

  test('goes on with the count of tries', async () => {
    shop.functions.answers('reserve-stock', (nth) => ({ status: nth < 3 ? 500 : 204 }))
    const slow = trigger({ delivery: { backoffDelayMs: 600 } })
    await shop.start([slow])
    await shop.send({ id: '1' })
    await eventually(() => expect(shop.kinds()).toContain('retried'))

    await shop.start([slow])

    await eventually(() => expect(attempts()).toEqual([['1', 3]]))
  })

  test('delivers what was stored while it was away', async () => {
    await shop.start([trigger()])
    await shop.stop()
    const nats = await connect({ servers: testNatsUrl() })
    const stream = brokerStream(await nats.jetstreamManager(), shop.namespace, 'orders')
    const attributes = { specversion: '1.0', id: '1', source: '/orders', type: 'order-placed' }
    await stream.store(cloudEvent(new Map(Object.entries(attributes)), Buffer.from('x')), {
      timeoutMs: 10_000,
    })
    await nats.close()

    const broker = await shop.start([trigger()])

    await eventually(() => expect(attempts()).toEqual([['1', 1]]))
    expect(broker.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })
})
