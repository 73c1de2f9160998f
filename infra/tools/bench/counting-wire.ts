import { connect, createServer, type AddressInfo } from 'node:net'
import type { Leftovers } from './leftovers'

/** A way to a server that counts round trips. */
export interface CountingWire {
  /** As the target's address, but through here. */
  url: string
  /** So far: how often, on any connection, a client spoke after the server had answered. */
  trips: () => number
}

/** A network's delay: longer than a client takes to send what it sends without waiting. */
const DELAY_MS = 20

/**
 * What a client sends without waiting for the answer to what it sent before is one trip, as it is on a network. Answers
 * are held back for a moment, or a quick one to the first of several statements would look like what the others waited for.
 */
export async function openCountingWire(target: string, left: Leftovers): Promise<CountingWire> {
  const { hostname, port } = new URL(target)
  let trips = 0
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let answered = true
    client.on('data', (bytes) => {
      if (answered) trips++
      answered = false
      upstream.write(bytes)
    })
    upstream.on('data', (bytes) => {
      setTimeout(() => {
        answered = true
        client.write(bytes)
      }, DELAY_MS)
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  left.add(async () => server.close())
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return { url: url.href, trips: () => trips }
}
