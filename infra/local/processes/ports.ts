import { connect, createServer, type AddressInfo, type Server } from 'node:net'

const LOOPBACK = '127.0.0.1'

/** Those from 1024 on that no browser and no `fetch` asks ("bad port": Fetch Standard, section 2.9). */
const NEVER_ASKED = new Set([
  ...[1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679],
  ...[6697, 10080],
])

/**
 * Resolves when `port` can be listened on; otherwise fails with one sentence that names the port, what wanted it and
 * what to do. Asked before a server is started, because each server has its own words for it.
 */
export async function expectFree(port: number, wantedBy: string, host = LOOPBACK): Promise<void> {
  if (NEVER_ASKED.has(port)) {
    throw new Error(`No browser asks port ${port}, which ${wantedBy} would have: choose another port.`)
  }
  try {
    await close(await listen(port, host))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const found =
      code === 'EADDRINUSE' ? 'is already in use' : `cannot be listened on (${code ?? String(error)})`
    throw new Error(
      `Port ${port} of ${host} ${found}, and ${wantedBy} needs it: stop the program that uses it, ` +
        `or choose another port.`,
      { cause: error },
    )
  }
}

/** A port and what needs it. */
export interface WantedPort {
  port: number
  wantedBy: string
}

/** Asks for all at once; where several are taken, all of them are named, each in its sentence. */
export async function expectAllFree(wanted: readonly WantedPort[]): Promise<void> {
  const outcomes = await Promise.allSettled(wanted.map(({ port, wantedBy }) => expectFree(port, wantedBy)))
  const refused = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as Error] : [],
  )
  if (refused.length > 0) throw new Error(refused.map(({ message }) => message).join('\n  '))
}

/** As many different ports as asked for, free at this moment. */
export async function freePorts(count: number, host = LOOPBACK): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0, host)))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map(close))
  return ports
}

/** Resolves when something accepts a connection there, and with `greeting`, when its first words match. */
export async function expectAnswer(port: number, greeting?: RegExp, host = LOOPBACK): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ port, host, timeout: 1000 })
    const done = (error?: Error) => {
      socket.destroy()
      if (error) reject(error)
      else resolve()
    }
    socket.once('error', done)
    socket.once('timeout', () => done(new Error(`nothing answers on port ${port}`)))
    if (!greeting) socket.once('connect', () => done())
    else
      socket.once('data', (words) =>
        done(greeting.test(words.toString()) ? undefined : new Error(`port ${port} is something else`)),
      )
  })
}

const listen = (port: number, host: string) =>
  new Promise<Server>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host, exclusive: true }, () => resolve(server))
  })

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()))
