import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listening } from '#support/door'
import { openExchange } from './exchange'

const never = new AbortController().signal
const GET = { method: 'GET', headers: {}, signal: never }

describe('an exchange', () => {
  const sockets = new Set<unknown>()
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    sockets.add(request.socket)
    if (request.url === '/silent') return
    if (request.url === '/endless') {
      const write = () => {
        while (response.write('x'.repeat(65_536)));
      }
      response.on('drain', write)
      write()
      return
    }
    if (request.url === '/broken') {
      response.writeHead(200, { 'content-length': 9 }).write('half', () => response.destroy())
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, headers } = request
      const body = `${method} ${headers['content-length']} ${Buffer.concat(chunks).toString()}`
      response.writeHead(418, { 'x-said': 'yes' }).end(body)
    })
  }
  const server = createServer(answer)
  let home = ''
  beforeAll(async () => {
    await listening(server)
    home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  beforeEach(() => sockets.clear())
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  test('gives any status for an answer', async () => {
    const question = { ...GET, method: 'POST', body: Buffer.from('ü') }

    const { status, headers, body } = await openExchange()(home, question)

    expect([status, headers['x-said'], body.toString()]).toEqual([418, 'yes', 'POST 2 ü'])
  })

  test.each([undefined, { keepAlive: true }])('speaks TLS where the address says so (%j)', async (kept) => {
    const TLS_HANDSHAKE = 22
    const firstBytes: (number | undefined)[] = []
    const listener = createServer().on('clientError', (error, socket) => {
      firstBytes.push((error as { rawPacket?: Buffer }).rawPacket?.[0])
      socket.destroy()
    })
    await listening(listener)
    const { port } = listener.address() as AddressInfo

    await expect(openExchange(kept)(`https://127.0.0.1:${port}`, GET)).rejects.toThrow()
    listener.close()

    expect(firstBytes).toEqual([TLS_HANDSHAKE])
  })

  test.each([
    [true, 1],
    [false, 3],
  ])('keeps its connection for the next question: %s', async (keepAlive, connections) => {
    const ask = openExchange({ keepAlive, maxSockets: 1 })

    for (let n = 0; n < 3; n++) await ask(home, GET)

    expect(sockets.size).toBe(connections)
  })

  test.each([0, 4, 1_000_000])('keeps the first %i bytes of a body and no more', async (most) => {
    const long = { ...GET, method: 'POST', body: Buffer.alloc(800_000, 'x') }

    const { body } = await openExchange(undefined, most)(home, long)

    expect(body.toString() === `POST 800000 ${'x'.repeat(800_000)}`.slice(0, most)).toBe(true)
  })

  test.each(['/silent', '/endless'])('is given up with its signal, however %s the other is', async (path) => {
    const signal = AbortSignal.timeout(50)

    await expect(openExchange(undefined, 10)(`${home}${path}`, { ...GET, signal })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })

  test('rejects when the answer breaks off', async () => {
    await expect(openExchange()(`${home}/broken`, GET)).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  test.each([
    ['an address that is none', 'nowhere', {}],
    ['a protocol that is neither', 'ftp://127.0.0.1', {}],
    ['a header that cannot be sent', 'http://127.0.0.1:1', { 'x y': '1' }],
  ])('asks nobody with %s', async (_, url, headers) => {
    await expect(openExchange()(url, { ...GET, headers })).rejects.toMatchObject({ name: 'TypeError' })
  })
})
