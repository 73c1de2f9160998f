import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { expectAllFree, expectFree, freePorts } from './ports'

describe('a port', () => {
  const servers: Server[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })
  const taken = async (port: number) => {
    const server = createServer().listen(port, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
  }
  const sentence = (port: number, wantedBy: string) =>
    `Port ${port} of 127.0.0.1 is already in use, and ${wantedBy} needs it: ` +
    'stop the program that uses it, or choose another port.'

  test('that is taken is named, with what wants it and what to do', async () => {
    const [port = 0] = await freePorts(1)
    await taken(port)

    await expect(expectFree(port, 'Postgres')).rejects.toThrow(sentence(port, 'Postgres'))
  })

  test('that no browser would ask is named before anybody wonders', async () => {
    await expect(expectFree(10_080, 'the gateway')).rejects.toThrow(
      'No browser asks port 10080, which the gateway would have: choose another port.',
    )
    await expect(fetch('http://127.0.0.1:10080/')).rejects.toMatchObject({ cause: { message: 'bad port' } })
  })

  test('among many is named with every other that is taken', async () => {
    const [first = 0, free = 0, second = 0] = await freePorts(3)
    await taken(first)
    await taken(second)
    const wanted = [
      { port: first, wantedBy: 'the gateway' },
      { port: free, wantedBy: 'NATS' },
      { port: second, wantedBy: 'the console' },
    ]

    await expect(expectAllFree(wanted)).rejects.toThrow(
      `${sentence(first, 'the gateway')}\n  ${sentence(second, 'the console')}`,
    )
  })
})
