import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { openLink, type Link } from './link'

/** A way to a server that says everything back. */
describe('a way that can be disturbed', () => {
  let echo: Server
  let link: Link
  const sockets: Socket[] = []

  beforeEach(async () => {
    echo = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.pipe(socket)
    })
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
    link = await openLink((echo.address() as AddressInfo).port)
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await link.close()
    await new Promise((resolve) => echo.close(resolve))
  })

  async function dial(): Promise<Socket> {
    const socket = connect({ port: link.port, host: '127.0.0.1' })
    sockets.push(socket)
    await once(socket, 'connect')
    return socket
  }
  const heard = async (socket: Socket) => String(((await once(socket, 'data')) as [Buffer])[0])

  test.each(['open', 'slow'] as const)('brings everything in order while it is %s', async (state) => {
    link.set(state)
    const socket = await dial()

    socket.write('one ')
    socket.end('two')

    let all = ''
    for await (const piece of socket) all += String(piece)
    expect(all).toBe('one two')
  })

  test('brings nothing while it is cut, and what was sent meanwhile when it heals', async () => {
    const socket = await dial()
    socket.write('before')
    expect(await heard(socket)).toBe('before')
    let early = ''
    link.set('cut')

    socket.write('meanwhile')
    socket.on('data', (piece) => (early += String(piece)))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(early).toBe('')
    link.set('open')

    await once(socket, 'data')
    expect(early).toBe('meanwhile')
  })

  test('breaks what is open while it refuses, lets nobody in, and is a way again afterwards', async () => {
    const socket = await dial()
    socket.write('before')
    await heard(socket)

    link.set('refuse')

    expect(await ended(socket)).toBe('ECONNRESET')
    expect(await ended(connect({ port: link.port, host: '127.0.0.1' }))).toBe('ECONNRESET')
    link.set('open')
    const again = await dial()
    again.write('after')
    expect(await heard(again)).toBe('after')
  })

  const ended = async (socket: Socket) =>
    ((await once(socket, 'error').catch((error: unknown) => [error])) as [NodeJS.ErrnoException])[0].code
})
