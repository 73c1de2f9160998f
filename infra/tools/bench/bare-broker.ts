import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Leftovers } from './leftovers'

/** Stands for a broker that takes every event after `delayMs` and tells nobody; answers the address for K_SINK. */
export async function startBareBroker(left: Leftovers, delayMs = 0): Promise<string> {
  const server = createServer((request, response) => {
    const take = () => response.writeHead(202).end()
    request.resume().once('end', () => (delayMs > 0 ? setTimeout(take, delayMs) : take()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  left.add(async () => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/kiosk/orders`
}
