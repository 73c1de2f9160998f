import { expectFree } from '../../infra/local/processes/ports'

/** Above the ports of functions and of platforms under test, below those that systems give to outgoing connections. */
const FIRST = 30_000
const COUNT = 2_768

let next = Math.floor(Math.random() * COUNT)

/** Ports for servers of a test's own: no client or function takes one of them while its server is down. */
export async function ownPorts(count: number): Promise<number[]> {
  const ports: number[] = []
  for (let tries = 0; tries < COUNT && ports.length < count; tries++) {
    const port = FIRST + (next++ % COUNT)
    const isFree = await expectFree(port, 'a test').then(
      () => true,
      () => false,
    )
    if (isFree) ports.push(port)
  }
  if (ports.length < count) throw new Error(`fewer than ${count} ports from ${FIRST} on are free`)
  return ports
}
