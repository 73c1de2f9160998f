import type { IncomingMessage, ServerResponse } from 'node:http'
import fc from 'fast-check'
import { ask, say as sayTo } from '#support/ask'
import { serviceNamed } from '#support/tiny-functions'
import { startGateway, type Gateway } from './gateway'

const services = [
  serviceNamed('view-product', { routes: ['GET /v1/products/{sku}'] }),
  serviceNamed('add-product', { routes: ['POST /v1/products'] }),
  serviceNamed('charge', { visibility: 'cluster-local' }),
]

/** Functions that answer with their own name and what they were asked. */
const scaler = {
  async handle(name: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    incoming.resume()
    response.setHeader('Content-Type', 'text/plain')
    response.end(`${name} ${incoming.method} ${incoming.url}`)
    return Promise.resolve()
  },
}

let gateway: Gateway

beforeAll(async () => {
  gateway = await startGateway({ services, scaler, port: 0, host: '127.0.0.1' })
})
afterAll(() => gateway.stop())

const asking = (method: string, path: string, headers: Record<string, string> = {}) =>
  ask(gateway.port, path, { method, headers })

const say = (bytes: string | Buffer) => sayTo(gateway.port, bytes)

test.each([
  ['GET', '/v1/products/TEA?x=1', 'localhost:8080', 'view-product GET /v1/products/TEA?x=1'],
  ['POST', '/v1/products', 'anything.example', 'add-product POST /v1/products'],
  ['GET', 'http://localhost:8080/v1/products/TEA', 'localhost', 'view-product GET /v1/products/TEA'],
  ['DELETE', '/whatever', 'add-product.localhost:8080', 'add-product DELETE /whatever'],
  ['GET', '/', 'Add-Product.LOCALHOST', 'add-product GET /'],
  ['GET', '/x', 'add-product.kiosk.127.0.0.1.sslip.io:8080', 'add-product GET /x'],
])('%s %s on %s reaches its function', async (method, path, host, expected) => {
  const answer = await asking(method, path, { Host: host })

  expect(answer).toMatchObject({ status: 200, body: expected })
})

test.each([
  ['GET', '/v1/nothing', 'localhost', 404, 'no-such-route'],
  ['GET', '/', 'charge.localhost', 404, 'no-such-route'],
  ['GET', '/', 'nobody.localhost:8080', 404, 'no-such-route'],
  ['PUT', '/v1/products/TEA', 'localhost', 405, 'method-not-allowed'],
  ['GET', '/v1/products/%ff', 'localhost', 400, 'malformed-request'],
  ['GET', `/${'x'.repeat(9_000)}`, 'localhost', 414, 'address-too-long'],
])('%s %s on %s is %i', async (method, path, host, status, kind) => {
  const trace = 'c'.repeat(32)

  const answer = await asking(method, path, { Host: host, traceparent: `00-${trace}-${'d'.repeat(16)}-01` })

  expect(answer.status).toBe(status)
  expect(answer.headers['content-type']).toBe('application/problem+json')
  expect(JSON.parse(answer.body)).toEqual({
    type: `https://kiosk.example/problems/platform/${kind}`,
    title: expect.any(String) as string,
    status,
    instance: `urn:trace:${trace}`,
  })
  expect(answer.headers.traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`))
})

test('says which methods an address takes', async () => {
  const refused = await asking('PUT', '/v1/products/TEA')
  const asked = await asking('OPTIONS', '/v1/products/TEA')
  const unknown = await asking('OPTIONS', '/v1/nothing')
  const head = await asking('HEAD', '/v1/products/TEA')

  expect(refused.headers.allow).toBe('GET, HEAD, OPTIONS')
  expect(asked).toMatchObject({
    status: 204,
    headers: { allow: 'GET, HEAD, OPTIONS', traceparent: expect.stringMatching(/^00-/) as string },
  })
  expect(unknown.status).toBe(404)
  expect(head).toMatchObject({ status: 200, body: '' })
})

test.each([
  ['no HTTP at all\r\n\r\n', 400],
  ['GET / HTTP/1.1\r\n\r\n', 400],
  [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`, 431],
  ['POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc', 400],
  ['CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ['GET / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n', 417],
  ['GET /v1/nothing HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n', 404],
])('answers problem+json to %.60j', async (bytes, status) => {
  const answer = await say(bytes)

  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(answer).toMatch(/content-type: application\/problem\+json/i)
  expect(answer).toMatch(/urn:trace:[0-9a-f]{32}/)
})

test('answers any bytes with a function, with problem+json below 500, or not at all', async () => {
  const path = fc.string({ unit: 'binary-ascii', maxLength: 30 })
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
    fc
      .tuple(fc.constantFrom('GET', 'POST', 'OPTIONS', 'TRACE', 'PRI'), path, path)
      .map(([method, target, header]) =>
        Buffer.from(
          `${method} /${target} HTTP/1.1\r\nHost: localhost\r\n${header}: ${target}\r\n\r\n`,
          'latin1',
        ),
      ),
  )

  await fc.assert(
    fc.asyncProperty(bytes, async (sent) => {
      const answer = await say(sent)

      const [, status] = /^HTTP\/1\.1 (\d+) /.exec(answer) ?? []
      expect(Number(status ?? 0)).toBeLessThan(500)
      if (Number(status) >= 400) expect(answer).toMatch(/content-type: application\/problem\+json/i)
    }),
    { numRuns: 100, seed: 7 },
  )
})

test('does not open when two functions claim one route', async () => {
  const twice = [...services, serviceNamed('create-product', { routes: ['POST /v1/products'] })]

  await expect(startGateway({ services: twice, scaler, port: 0 })).rejects.toThrow(
    'add-product and create-product both serve POST /v1/products',
  )
})
