import { request as httpRequest } from 'node:http'
import { connect as connectTcp } from 'node:net'
import { say as sayTo } from '#support/ask'
import { eventually, openTestBroker, type TestBroker, trigger } from './test-broker'

describe('the broker ingress, when it does not take what was sent,', () => {
  let shop: TestBroker
  let url: string
  beforeAll(async () => {
    shop = await openTestBroker()
    url = `${(await shop.start([trigger({ filter: {} })])).url}/${shop.namespace}/orders`
  })
  afterAll(() => shop.close())

  test.each([
    ['a missing attribute', { 'ce-specversion': '1.0' }, '', 400, /"id" is missing/],
    ['no event at all', { 'content-type': 'application/json' }, '{}', 400, /neither a header ce-specversion/],
    ['bad JSON', { 'content-type': 'application/cloudevents+json' }, '{', 400, /not JSON/],
    [
      'a batch',
      { 'content-type': 'application/cloudevents-batch+json' },
      '[]',
      400,
      /batch is not supported/,
    ],
    ['compressed bytes', { 'content-encoding': 'gzip' }, 'x', 415, /Content-Encoding/],
  ])('refuses %s with the reason', async (_, headers, body, status, detail) => {
    const answer = await fetch(url, { method: 'POST', headers: headers as Record<string, string>, body })

    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: expect.any(String) as string,
      status,
      detail: expect.stringMatching(detail) as string,
    })
  })

  test.each(['/', '/other', '/kiosk/nowhere', '//', '/%00', '/kiosk/orders/extra'])(
    'answers 404 at %s',
    async (path) => {
      const answer = await fetch(new URL(url).origin + path, { method: 'POST', body: 'x' })

      expect([answer.status, await answer.json()]).toEqual([404, expect.objectContaining({ status: 404 })])
    },
  )

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])(
    'answers 405 to %s and says what is allowed',
    async (method) => {
      const answer = await fetch(url, { method })

      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
    },
  )

  test('answers OPTIONS with what is allowed', async () => {
    const answer = await fetch(url, { method: 'OPTIONS' })

    expect([answer.status, answer.headers.get('allow'), await answer.text()]).toEqual([
      200,
      'POST, OPTIONS',
      '',
    ])
  })
  test('refuses attributes that would not fit into a request to a function', async () => {
    const inBody = { specversion: '1.0', id: 'x', source: '/', type: 't', subject: 'x'.repeat(9_000) }
    const headers = { 'content-type': 'application/cloudevents+json' }

    const structured = await fetch(url, { method: 'POST', headers, body: JSON.stringify(inBody) })
    const binary = await shop.send({ id: 'x', subject: 'x'.repeat(9_000) })
    const headersAlone = await shop.send({ id: 'x', subject: 'x'.repeat(20_000) })

    expect([structured.status, binary.status, headersAlone.status]).toEqual([413, 413, 431])
  })

  test('refuses an attribute that is there twice', async () => {
    const status = await new Promise((resolve, reject) => {
      const twice = ['ce-specversion', '1.0', 'ce-id', 'a', 'ce-id', 'b', 'ce-source', '/', 'ce-type', 't']
      const outgoing = httpRequest(url, { method: 'POST', headers: twice }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      outgoing.on('error', reject)
      outgoing.end()
    })

    expect(status).toBe(400)
  })

  const say = (bytes: string) => sayTo(Number(new URL(url).port), bytes, { isOver: false })

  test.each([
    ['bytes that are no HTTP', 400, 'nonsense\r\n\r\n'],
    ['an unknown method', 400, 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['CONNECT', 400, 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['headers that are too large', 431, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`],
    ['an expectation', 417, 'POST / HTTP/1.1\r\nHost: x\r\nExpect: foo\r\nContent-Length: 0\r\n\r\n'],
  ])('refuses %s with %i in problem+json', async (_, status, bytes) => {
    const answer = await say(bytes)

    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toMatch(/content-type: application\/problem\+json/i)
  })

  test('refuses an announced size at once, without waiting for the bytes', async () => {
    const head = `POST /${shop.namespace}/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n`

    const answer = await say(head)

    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toContain('"title":"The event is too large."')
  })

  test('goes on after connections that talk nonsense or break off', async () => {
    const { port } = new URL(url)
    const head = `POST /${shop.namespace}/orders HTTP/1.1\r\nHost: x\r\n`
    for (const bytes of ['\0\0\0', `${head}Content-Length: 100\r\n\r\nhalf`, `${head}ce-id: \x01\r\n\r\n`]) {
      await new Promise<void>((resolve) => {
        const socket = connectTcp(Number(port), '127.0.0.1', () =>
          socket.write(bytes, () => setTimeout(() => socket.destroy(), 30)),
        )
        socket.on('error', () => undefined)
        socket.on('close', () => resolve())
      })
    }

    await eventually(async () => expect((await shop.send({ id: 'after' })).status).toBe(202))
  })
})
