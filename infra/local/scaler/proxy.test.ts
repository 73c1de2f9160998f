import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { until } from '#support/ask'
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
    timeoutMs: 5_000,
  }

  const answer = await scaler.deliver('echo', event)
  const late = await scaler.deliver('slow', { ...event, timeoutMs: 50 })
  const hopeless = await scaler.deliver('unstartable', event)

  expect(answer).toMatchObject({ status: 201, headers: { 'x-kept': 'yes' } })
  expect(JSON.parse(answer.body.toString())).toMatchObject({ method: 'POST', url: '/', body: '{"a":1}' })
  expect([late.status, hopeless.status]).toEqual([504, 503])
  await expect(scaler.deliver('nobody', event)).rejects.toThrow('there is no function named nobody')
})
