import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { throughGateway } from './through-gateway'

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown

describe('a delivery through the gateway of OpenFaaS', () => {
  let server: Server
  let answer: Answer
  beforeAll((done) => {
    server = createServer((request, response) => void answer(request, response))
    server.listen(0, '127.0.0.1', done)
  })
  afterAll((done) => {
    server.closeAllConnections()
    server.close(done)
  })

  const gateway = (path = '') => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const event = {
    headers: { 'ce-id': '1', 'content-type': 'application/json' },
    body: Buffer.from('{"a":1}'),
  }
  const deliver = (url = gateway(), timeoutMs = 5_000) =>
    throughGateway(url)('charge', { ...event, timeoutMs })

  test.each(['', '/', '/openfaas/'])('is a POST to /function/<name> below %p', async (path) => {
    answer = async (request, response) => {
      const { method, url, headers } = request
      response.end(JSON.stringify({ method, url, id: headers['ce-id'], body: await text(request) }))
    }

    const { status, body } = await deliver(gateway(path))

    expect([status, JSON.parse(body.toString())]).toEqual([
      200,
      { method: 'POST', url: `${path.replace(/\/$/, '')}/function/charge`, id: '1', body: '{"a":1}' },
    ])
  })

  test.each([204, 202, 408, 429, 500, 502, 503])('hands on %d as it is', async (status) => {
    answer = (_, response) => response.writeHead(status, { 'retry-after': '7' }).end()

    expect(await deliver()).toMatchObject({ status, headers: { 'retry-after': '7' } })
  })

  test.each([301, 307, 400, 401, 403, 404, 409, 422])(
    'takes %d for trouble on the way, after which the event comes again',
    async (status) => {
      answer = (_, response) => response.writeHead(status, { location: '/elsewhere' }).end('no such function')

      const { status: told, body } = await deliver()

      expect(told).toBe(502)
      expect(body.toString()).toBe(`on the way to the function ${status} was answered: no such function`)
    },
  )

  test('that finds nobody is a 503', async () => {
    expect((await deliver('http://127.0.0.1:1')).status).toBe(503)
  })

  test('that breaks off is a 502', async () => {
    answer = (request) => request.socket.destroy()

    expect((await deliver()).status).toBe(502)
  })

  test('that takes too long is a 504', async () => {
    answer = () => undefined

    expect((await deliver(gateway(), 50)).status).toBe(504)
  })

  test('goes to an http address only, which is said at once', () => {
    expect(() => throughGateway('https://gateway')).toThrow('must be an http address')
  })
})
