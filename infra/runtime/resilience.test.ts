import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listening } from '#support/door'
import { isHeldBack, resilience, type Bounds } from './resilience'

const BOUNDS: Bounds = { timeoutMs: 5_000, concurrency: 4, queue: 4, failures: 3, openMs: 2_000 }
const TROUBLE = { isFailedAnswer: (answer: unknown) => (answer as number) >= 500 }

/** Another system, over real sockets: it answers as the test says, and counts what it was asked. */
async function system() {
  const state = { status: 200 as number | 'held', asked: 0, atOnce: 0, most: 0 }
  const held: ServerResponse[] = []
  const server = createServer((message: IncomingMessage, response: ServerResponse) => {
    state.asked++
    state.most = Math.max(state.most, ++state.atOnce)
    response.on('close', () => state.atOnce--)
    server.emit('asked', message)
    if (state.status === 'held') held.push(response)
    else response.writeHead(state.status).end()
  })
  await listening(server)
  const { port } = server.address() as AddressInfo
  const status = (signal: AbortSignal) =>
    new Promise<number>((resolve, reject) => {
      const sent = request({ port, host: '127.0.0.1', signal, agent: false }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode!))
      })
      sent.on('error', reject).end()
    })
  const release = () => {
    for (const response of held.splice(0)) response.end()
  }
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { server, state, status, release, close }
}

describe('resilience', () => {
  let other: Awaited<ReturnType<typeof system>>
  let now = Date.now()
  beforeEach(async () => {
    other = await system()
    jest.spyOn(Date, 'now').mockImplementation(() => now)
  })
  afterEach(() => {
    jest.restoreAllMocks()
    other.close()
  })
  const opened = (over: Partial<Bounds> = {}) => {
    const call = resilience('other', { ...BOUNDS, ...over }, TROUBLE)
    return () => call(other.status)
  }
  const times = async (count: number, ask: () => Promise<number>) => {
    const answers: unknown[] = []
    for (let n = 0; n < count; n++) answers.push(await ask().catch((error: unknown) => error))
    return answers
  }

  test('asks a system in trouble no more, says when to come back, and closes when a probe is answered', async () => {
    const ask = opened()
    other.state.status = 503

    expect(await times(3, ask)).toEqual([503, 503, 503])
    await expect(ask()).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '2' } })
    now += 1_500
    await expect(ask()).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '1' } })
    expect(other.state.asked).toBe(3)

    now += 500
    expect(await times(2, ask)).toEqual([503, expect.objectContaining({ kind: 'unavailable' })])
    expect(other.state.asked).toBe(4)

    now += 2_000
    other.state.status = 200
    expect(await times(4, ask)).toEqual([200, 200, 200, 200])
  })

  test('sends one probe alone, and who came with it after it', async () => {
    const ask = opened()
    other.state.status = 500
    await times(3, ask)

    now += 2_000
    other.state.status = 'held'
    const probed = once(other.server, 'asked')
    const answers = Promise.all([ask(), ask(), ask()])
    await probed
    expect(other.state.asked).toBe(4)
    other.state.status = 200
    other.release()

    expect(await answers).toEqual([200, 200, 200])
    expect(other.state.asked).toBe(6)
  })

  test('takes a refusal for an answer, also between failures', async () => {
    const ask = opened()
    other.state.status = 404
    expect(await times(10, ask)).toEqual(Array(10).fill(404))

    for (const status of [500, 500, 409, 500, 500]) {
      other.state.status = status
      await ask()
    }

    other.state.status = 200
    expect(await ask()).toBe(200)
  })

  test('opens when nobody is there', async () => {
    const ask = opened()
    other.close()

    const [first, , , last] = await times(4, ask)

    expect(first).toMatchObject({ code: 'ECONNREFUSED' })
    expect(isHeldBack(first)).toBe(false)
    expect(isHeldBack(last)).toBe(true)
  })

  test('asks so many at once, lets a few wait, and refuses the next', async () => {
    const ask = opened({ concurrency: 2, queue: 1 })
    other.state.status = 'held'
    const both = new Promise<void>((resolve) =>
      other.server.on('asked', () => other.state.asked === 2 && resolve()),
    )

    const taken = [ask(), ask(), ask()]
    await expect(ask()).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '2' } })
    await both
    other.state.status = 200
    other.release()

    expect(await Promise.all(taken)).toEqual([200, 200, 200])
    expect([other.state.asked, other.state.most]).toEqual([3, 2])
  })

  test('breaks off a call that takes too long', async () => {
    const ask = opened({ timeoutMs: 1_000 })
    other.state.status = 'held'
    const asked = once(other.server, 'asked') as Promise<[IncomingMessage]>

    const outcome = ask().catch((error: unknown) => error)
    const [message] = await asked
    await once(message.socket, 'close')

    expect(await outcome).toMatchObject({ name: 'TimeoutError', message: 'other did not answer in 1000 ms' })
  })

  test('asks nothing for who waited too long for a turn, and blames nobody for it', async () => {
    const call = resilience('other', { ...BOUNDS, timeoutMs: 1_500, concurrency: 1, failures: 2 }, TROUBLE)
    let leave: (answer: number) => void = () => undefined
    const deaf = call(() => new Promise<number>((resolve) => (leave = resolve)))
    const waiting = call(other.status)

    for (const outcome of await Promise.allSettled([deaf, waiting])) {
      expect(outcome).toMatchObject({ reason: { name: 'TimeoutError' } })
    }
    leave(500)

    expect(await call(other.status)).toBe(200)
    expect(other.state.asked).toBe(1)
  })

  test('keeps the trouble of one port from another', async () => {
    const [poor, lucky] = [opened(), opened()]
    other.state.status = 500
    await times(3, poor)

    other.state.status = 200

    expect(await lucky()).toBe(200)
    await expect(poor()).rejects.toMatchObject({ status: 503 })
  })
})
