import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { ask, until } from '#support/ask'
import { Intake } from './intake'

describe('an intake', () => {
  let server: Server
  let port: number
  const taken: (string | undefined)[] = []
  const open: Socket[] = []

  beforeEach(async () => {
    const intake = new Intake(1_000)
    server = createServer((request, response) => {
      void intake.take(request, response).then((body) => {
        taken.push(body?.toString())
        if (body) response.end(body)
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.destroy()
    taken.length = 0
    await new Promise((resolve) => server.close(resolve))
  })

  /** A caller that says how much it will send, and sends the first part. */
  const sending = async (announced: number, first: string) => {
    const socket = connect(port, '127.0.0.1')
    open.push(socket)
    await once(socket, 'connect')
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${announced}\r\n\r\n${first}`)
    return socket
  }

  test.each([
    ['a body', { method: 'POST', body: 'all of it' }, 'all of it'],
    ['no body', { method: 'POST' }, ''],
    ['a body in chunks', { method: 'POST', body: 'all', headers: { 'transfer-encoding': 'chunked' } }, 'all'],
  ])('takes %s', async (_, request, body) => {
    expect(await ask(port, '/', request)).toMatchObject({ status: 200, body })
  })

  test('gives a body only when it is whole', async () => {
    const caller = await sending(10, '12345')
    expect(await ask(port, '/', { method: 'POST', body: 'before it' })).toMatchObject({ body: 'before it' })
    expect(taken).toEqual(['before it'])

    caller.write('67890')
    await until(() => taken.length === 2)

    expect(taken).toEqual(['before it', '1234567890'])
  })

  test('gives nothing of a caller that leaves half-way', async () => {
    const caller = await sending(10, '12345')
    caller.destroy()
    await until(() => taken.length === 1)

    expect(taken).toEqual([undefined])
  })

  test('refuses a body beyond the limit, and all of them together', async () => {
    const large = await ask(port, '/', { method: 'POST', headers: { 'content-length': '1048577' } })
    expect(large.status).toBe(413)

    const slow = [await sending(900, 'x'.repeat(600)), await sending(900, 'x'.repeat(399))]
    const body = 'one too many'
    await until(() => slow.every(({ bytesWritten }) => bytesWritten > 399))
    expect(await ask(port, '/', { method: 'POST', body })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
    })

    for (const socket of slow) socket.destroy()
    await until(() => taken.filter((one) => one === undefined).length === 4)
    expect(await ask(port, '/', { method: 'POST', body })).toMatchObject({ status: 200, body })
  })
})
