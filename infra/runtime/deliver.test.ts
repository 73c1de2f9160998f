import { createServer, type Server, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openDelivery } from './deliver'

describe('bringing an event to one function', () => {
  let server: Server
  const came: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[] = []
  const answer = { status: 204, body: '' }
  beforeAll((done) => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        came.push({ url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() })
        response.writeHead(answer.status).end(answer.status === 204 ? undefined : answer.body)
      })
    }).listen(0, '127.0.0.1', done)
  })
  afterAll((done) => void server.close(done))
  beforeEach(() => void came.splice(0))

  const bring = (headers: Record<string, string> = {}) => {
    const { port } = server.address() as AddressInfo
    const deliver = openDelivery({ OPERATION_URL: `http://127.0.0.1:${port}/function/{operation}` })
    return deliver('charge', { headers: { 'ce-id': 'e1', ...headers }, body: Buffer.from('{"a":1}') })
  }

  test('posts it to the address that the function has inside the cluster', async () => {
    Object.assign(answer, { status: 204 })

    expect(await bring()).toEqual({ taken: true, away: false, status: 204, answer: '' })
    expect(came).toMatchObject([{ url: '/function/charge/', headers: { 'ce-id': 'e1' }, body: '{"a":1}' }])
  })

  test.each([
    [200, true, false],
    [500, false, false],
    [405, false, false],
    [302, false, false],
    [429, false, true],
    [502, false, true],
    [503, false, true],
    [504, false, true],
  ])('takes %i for taken: %s, away: %s', async (status, taken, away) => {
    Object.assign(answer, { status, body: 'said' })

    expect(await bring()).toEqual({ taken, away, status, answer: 'said' })
  })

  test('keeps no more of an answer than tells what went wrong, and none that cannot be stored', async () => {
    Object.assign(answer, { status: 500, body: `\0${'x'.repeat(5_000)}` })

    expect((await bring()).answer).toBe(`\uFFFD${'x'.repeat(1_023)}`)
  })

  test('says that nobody is there, and never rejects', async () => {
    const nobody = openDelivery({ OPERATION_URL: 'http://127.0.0.1:1/{operation}' })

    expect(await nobody('charge', { headers: {}, body: Buffer.alloc(0) })).toMatchObject({
      ...{ taken: false, away: true },
      answer: expect.stringContaining('ECONNREFUSED') as string,
    })
  })

  test('does not try again what no header can carry', async () => {
    expect(await bring({ 'ce-in valid': 'x' })).toMatchObject({ taken: false, away: false })
    expect(came).toEqual([])
  })
})
