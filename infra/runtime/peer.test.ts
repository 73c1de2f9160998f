import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { anyPeer, peer } from './peer'
import { traced } from './trace'

const only = ({ accept, traceparent }: IncomingHttpHeaders) => ({ accept, traceparent })

describe('a port to another operation', () => {
  let server: Server
  beforeAll((done) => {
    server = createServer(({ method, url, headers }, response) => {
      if (url === '/text') response.end('no JSON')
      else if (url === '/busy') response.writeHead(503, { 'Retry-After': '7' }).end()
      else if (url?.startsWith('/poor')) response.writeHead(500).end()
      else response.writeHead(201).end(JSON.stringify({ method, url, ...only(headers) }))
    }).listen(0, '127.0.0.1', done)
  })
  afterAll((done) => void server.close(done))
  afterEach(() => jest.restoreAllMocks())

  const ask = (path = '') =>
    peer('view-cart')({ VIEW_CART_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}` })

  test.each([
    ['http://view-cart', '', '/v1/cart?a=b'],
    ['http://view-cart/', '/', '/v1/cart?a=b'],
    ['http://gateway/function/view-cart', '/function/view-cart', '/function/view-cart/v1/cart?a=b'],
  ])('asks below the address it was given, such as %s', async (_, home, url) => {
    const answer = await ask(home)('GET', '/v1/cart?a=b', { accept: 'application/json' })

    expect(answer).toMatchObject({ status: 201, body: { method: 'GET', url, accept: 'application/json' } })
  })

  test('has no body to give when the answer is no JSON', async () => {
    expect(await ask()('GET', '/text')).toMatchObject({ status: 200, body: undefined })
  })

  test('rejects when nobody is there', async () => {
    const nobody = peer('view-cart')({ VIEW_CART_URL: 'http://127.0.0.1:1' })

    await expect(nobody('GET', '/v1/cart')).rejects.toThrow('ECONNREFUSED')
  })

  test('is unavailable itself, for as long, when the operation is', async () => {
    await expect(ask()('GET', '/busy')).rejects.toMatchObject({
      ...{ status: 503, headers: { 'Retry-After': '7' } },
      cause: new Error(`http://127.0.0.1:${(server.address() as AddressInfo).port}/busy answered 503`),
    })
  })

  test('leaves an operation alone that fails again and again, and goes on to ask the others', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.now())
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/{operation}`
    const ask = anyPeer({ OPERATION_URL: address })
    for (let n = 0; n < 5; n++) expect(await ask('poor')('GET', '/')).toMatchObject({ status: 500 })

    await expect(ask('poor')('GET', '/')).rejects.toMatchObject({
      status: 503,
      headers: { 'Retry-After': '1' },
    })
    expect(await ask('lucky')('GET', '/')).toMatchObject({ status: 201 })
  })

  test('asks in the trace of whoever asks, as the span that is running', async () => {
    const asked = ask()
    const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
    const inTrace = (traceparent?: string) =>
      traced('view-cart', traceparent, {}, 'server', async (trace) => {
        const { body } = await asked('GET', '/v1/cart')
        return [(body as { traceparent?: string }).traceparent, trace.traceparent]
      })

    const [sent, own] = await inTrace(parent)
    const [fresh, ownFresh] = await inTrace()

    expect(sent).toBe(own)
    expect(sent).toMatch(/^00-a{32}-(?!b{16})[0-9a-f]{16}-01$/)
    expect(fresh).toBe(ownFresh)
    expect((await asked('GET', '/v1/cart')).body).not.toHaveProperty('traceparent')
  })

  test('keeps the traces of calls apart that wait for one another', async () => {
    const asked = ask()

    const pairs = await Promise.all(
      Array.from({ length: 40 }, () =>
        traced('view-cart', undefined, {}, 'server', async (trace) => {
          const { body } = await asked('GET', '/v1/cart')
          return [(body as { traceparent?: string }).traceparent, trace.traceparent]
        }),
      ),
    )

    for (const [sent, own] of pairs) expect(sent).toBe(own)
    expect(new Set(pairs.map(([sent]) => sent)).size).toBe(40)
  })
})
