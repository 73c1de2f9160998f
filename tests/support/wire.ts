import { connect, createServer, type AddressInfo } from 'node:net'

/**
 * A wire between a client and a server that counts round trips: each time the client speaks after the server has
 * answered. What is sent without waiting for the answer before it is one trip, as it is on a network.
 */
export async function countedWire(target: URL) {
  const count = { trips: 0 }
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let answered = true
    client.on('data', (bytes) => {
      if (answered) count.trips++
      answered = false
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      answered = true
      client.write(bytes)
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  const close = () => new Promise((resolve) => server.close(resolve))
  return { url: url.href, count, close }
}
