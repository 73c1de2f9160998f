import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { pause } from '#support/ask'
import { serviceNamed } from '#support/tiny-functions'
import { startGateway, type Gateway } from './gateway'

const PATIENCE_MS = 500
const services = [serviceNamed('add-product', { routes: ['POST /v1/products', 'POST /v1/slow'] })]

/** A function that takes its time when asked to, and answers with the length of its body. */
const scaler = {
  async handle(_: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request).catch(() => undefined)
    if (request.url === '/v1/slow') await pause(3 * PATIENCE_MS)
    if (body) response.end(`read ${body.length}`)
  },
}

describe('a request on its way in', () => {
  let gateway: Gateway
  let patient: Gateway
  const open = (patienceMs: number) =>
    startGateway({ services, scaler, port: 0, host: '127.0.0.1', patienceMs })
  beforeAll(async () => {
    gateway = await open(PATIENCE_MS)
    patient = await open(4 * PATIENCE_MS)
  })
  afterAll(() => Promise.all([gateway.stop(), patient.stop()]))

  /** Sends the pieces, so many milliseconds apart, and gives the answer, and when it began to come. */
  const say = async (
    pieces: (string | Buffer)[],
    { apartMs = 0, to = gateway } = {},
  ): Promise<{ answer: string; ms: number }> => {
    const socket = connect(to.port, '127.0.0.1')
    socket.on('error', () => undefined)
    const began = Date.now()
    const answered = once(socket, 'data').then(([chunk]) => (chunk as Buffer).toString())
    const progress = { isAnswered: false }
    void answered.then(() => (progress.isAnswered = true))
    for (const piece of pieces) {
      if (progress.isAnswered) break
      socket.write(piece)
      await pause(apartMs)
    }
    const answer = await answered
    socket.destroy()
    return { answer, ms: Date.now() - began }
  }
  const head = (length: number, path = '/v1/products') =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n`

  test.each([
    ['half its body', [head(100), 'half']],
    ['nothing of its body', [head(100)]],
    [
      'half a chunk',
      ['POST /v1/products HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf'],
    ],
    ['half its headers', ['POST /v1/products HTTP/1.1\r\nHost: x\r\nContent-']],
  ])('that stops after %s is 408', async (_, pieces) => {
    const { answer, ms } = await say(pieces)

    expect(answer).toMatch(/^HTTP\/1\.1 408 .*content-type: application\/problem\+json.*\/request-timeout"/is)
    expect(ms).toBeGreaterThanOrEqual(PATIENCE_MS - 10)
  })

  test('may take longer as a whole, as long as it makes progress', async () => {
    const pieces = [head(20), ...'12345'.split('').map((digit) => digit.repeat(4))]
    const { answer, ms } = await say(pieces, { apartMs: PATIENCE_MS, to: patient })

    expect(answer).toMatch(/^HTTP\/1\.1 200 .*read 20$/s)
    expect(ms).toBeGreaterThan(4 * PATIENCE_MS)
  })

  test('that comes a byte at a time is 408 once it has taken twice as long as one may stand still', async () => {
    const bytes = 'x'.repeat(40)
    const { answer, ms } = await say([head(bytes.length), ...bytes], { apartMs: PATIENCE_MS / 5 })

    expect(answer).toMatch(/^HTTP\/1\.1 408 .*content-type: application\/problem\+json.*\/request-timeout"/is)
    expect(ms).toBeGreaterThanOrEqual(2 * PATIENCE_MS - 10)
  })

  test('is not to blame for a function that is slow to answer', async () => {
    const { answer } = await say([head(400_000, '/v1/slow'), Buffer.alloc(400_000)])

    expect(answer).toMatch(/^HTTP\/1\.1 200 .*read 400000$/s)
  })

  test('that announces more than a function takes is 413 at once', async () => {
    // Whoever waited for its body would have said 408.
    const { answer } = await say([head(99_999_999_999)])

    expect(answer).toMatch(/^HTTP\/1\.1 413 .*content-type: application\/problem\+json/is)
  })
})
