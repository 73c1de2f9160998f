import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { say, until } from '#support/ask'
import { scaledFunctions } from '#support/scaled-functions'
import { serviceNamed } from '#support/tiny-functions'

const scaling = scaledFunctions()

test('hands a request on as it was written, with the headers of the runtime contract', async () => {
  const { asking } = await scaling(serviceNamed('echo'))
  const headers = {
    Host: 'shop.example',
    'X-Mixed-Case': 'kept',
    Connection: 'close, X-Hop',
    'X-Hop': 'dropped',
  }

  const answer = await asking('echo', '/v1/a%20b?q=1&q=2', 'body', {
    ...headers,
    'X-Forwarded-For': '192.0.2.1',
  })

  expect(answer).toMatchObject({ status: 201, headers: { 'x-kept': 'yes', 'set-cookie': ['a=1', 'b=2'] } })
  const got = JSON.parse(answer.body) as { method: string; url: string; rawHeaders: string[]; body: string }
  expect(got).toMatchObject({ method: 'POST', url: '/v1/a%20b?q=1&q=2', body: 'body' })
  const value = (name: string) => got.rawHeaders[got.rawHeaders.indexOf(name) + 1]
  expect(got.rawHeaders).not.toContain('X-Hop')
  expect(value('Host')).toBe('shop.example')
  expect(value('X-Mixed-Case')).toBe('kept')
  expect(value('Forwarded')).toBe('for=127.0.0.1;host="shop.example";proto=http')
  expect(value('X-Forwarded-For')).toBe('192.0.2.1, 127.0.0.1')
  expect(value('X-Forwarded-Proto')).toBe('http')
  expect(value('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
})

test('hands a body on with its length, though the caller says that it is of one connection', async () => {
  const { port } = await scaling(serviceNamed('echo'))
  const body = 'GET /v1/mine HTTP/1.1\r\nHost: x\r\n\r\n'
  const head = 'GET /v1/first HTTP/1.1\r\nHost: shop.example\r\nX-To: echo\r\n'
  const framing = `Connection: close, Content-Length, Host\r\nContent-Length: ${body.length}\r\n\r\n`

  const answer = await say(port, head + framing + body, { isOver: false })

  const got = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) as object
  expect(got).toMatchObject({ method: 'GET', url: '/v1/first', body })
  expect(answer).toContain('shop.example')
})

test('asks a function only when a request is there whole, so that slow callers take no place in it', async () => {
  const { scaler, port, asking } = await scaling(serviceNamed('echo', { containerConcurrency: 1 }))
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nX-To: echo\r\nContent-Length: 100\r\n\r\nhalf'
  const slow = Array.from({ length: 3 }, () => connect(port, '127.0.0.1').on('error', () => undefined))
  for (const socket of slow) socket.write(head)
  await Promise.all(slow.map((socket) => once(socket, 'connect')))

  expect((await asking('echo', '/', 'whole')).status).toBe(201)

  expect(scaler.states()[0]).toMatchObject({ inFlight: 0, queued: 0 })
  for (const socket of slow) socket.destroy()
})

test('streams an answer while it is made, and cuts the function off when its caller leaves', async () => {
  const { scaler, port } = await scaling(serviceNamed('drip'))
  const sent = request({ host: '127.0.0.1', port, agent: false, headers: { 'X-To': 'drip' } })
  sent.end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]

  const [first] = (await once(answer, 'data')) as [Buffer]
  answer.on('error', () => undefined)
  sent.destroy()
  await until(() => scaler.states()[0]!.inFlight === 0)

  expect(first.toString()).toMatch(/^drop 0/)
})

test('answers 504 when the function is late, waiting included', async () => {
  const { scaler, asking } = await scaling(serviceNamed('slow', { timeoutSeconds: 0.1 }))

  const answer = await asking('slow')

  expect(answer.status).toBe(504)
  await until(() => scaler.states()[0]!.inFlight === 0 && scaler.states()[0]!.queued === 0)
})

test('delivers a message and reads its answer whole', async () => {
  const { scaler } = await scaling(serviceNamed('echo'), serviceNamed('slow'), serviceNamed('unstartable'))
  const event = {
    headers: { 'ce-id': '1', 'content-type': 'application/json' },
    body: '{"a":1}',
    timeoutMs: 25_000,
  }

  const answer = await scaler.deliver('echo', event)
  const late = await scaler.deliver('slow', { ...event, timeoutMs: 50 })
  const hopeless = await scaler.deliver('unstartable', event)

  expect(answer).toMatchObject({ status: 201, headers: { 'x-kept': 'yes' } })
  expect(JSON.parse(answer.body.toString())).toMatchObject({ method: 'POST', url: '/', body: '{"a":1}' })
  expect([late.status, hopeless.status]).toEqual([504, 503])
  await expect(scaler.deliver('nobody', event)).rejects.toThrow('there is no function named nobody')
})
