import { createServer } from 'node:net'

/** Below the range that systems give to outgoing connections, so that no client takes a port before its function does. */
const FIRST = 20_000
const COUNT = 10_000

let next = Math.floor(Math.random() * COUNT)

/** A port of the loopback address that nobody listens on; each call gives another one. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < COUNT; tries++) {
    const port = FIRST + (next++ % COUNT)
    if (await isFree(port)) return port
  }
  throw new Error(`no port between ${FIRST} and ${FIRST + COUNT} is free`)
}

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
