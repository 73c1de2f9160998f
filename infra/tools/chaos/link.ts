import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** How a way to a service is: as it should be, late, silent, or closed. */
export type LinkState = 'open' | 'slow' | 'cut' | 'refuse'

/** A way to a service on this machine that can be disturbed. */
export interface Link {
  port: number
  set(state: LinkState): void
  close(): Promise<void>
}

const LATE_MS = 60

/**
 * Stands between the shop and one of its services. `slow` makes every piece late, `cut` lets nothing through and says
 * nothing, as a broken network does (what was sent arrives when it heals), `refuse` breaks what is open and lets nobody in.
 */
export async function openLink(servicePort: number): Promise<Link> {
  let state: LinkState = 'open'
  const pairs = new Set<Pair>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    if (state === 'refuse') {
      socket.resetAndDestroy()
      return
    }
    const pair = new Pair(socket, servicePort, () => state)
    pairs.add(pair)
    pair.whenClosed(() => pairs.delete(pair))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    set(wanted) {
      state = wanted
      for (const pair of [...pairs]) if (state === 'refuse') pair.break()
      for (const pair of pairs) pair.flow()
    },
    async close() {
      for (const pair of [...pairs]) pair.break()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** One connection on its way through: to the service, and back. */
class Pair {
  readonly #ways: Way[]
  readonly #sockets: Socket[]

  constructor(client: Socket, port: number, state: () => LinkState) {
    const service = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    this.#sockets = [client, service]
    this.#ways = [new Way(client, service, state), new Way(service, client, state)]
    for (const socket of this.#sockets) socket.on('error', () => this.break())
  }

  /** What waits goes on, if it may. */
  flow(): void {
    for (const way of this.#ways) way.flow()
  }

  break(): void {
    for (const socket of this.#sockets) if (!socket.destroyed) socket.resetAndDestroy()
  }

  whenClosed(then: () => void): void {
    let open = this.#sockets.length
    for (const socket of this.#sockets) socket.once('close', () => --open === 0 && then())
  }
}

/** One direction of a connection; what came is kept in order, its end included. */
class Way {
  readonly #waiting: { piece: Buffer | null; from: number }[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(
    source: Socket,
    private readonly sink: Socket,
    private readonly state: () => LinkState,
  ) {
    source.on('data', (piece) => this.#take(piece))
    source.on('end', () => this.#take(null))
    source.on('close', () => this.#take(null))
  }

  #take(piece: Buffer | null): void {
    this.#waiting.push({ piece, from: performance.now() + (this.state() === 'slow' ? LATE_MS : 0) })
    this.flow()
  }

  flow(): void {
    clearTimeout(this.#timer)
    if (this.state() === 'cut') return
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const early = next.from - performance.now()
      if (early > 0) {
        this.#timer = setTimeout(() => this.flow(), early)
        return
      }
      this.#waiting.shift()
      if (!this.sink.writable) continue
      if (next.piece === null) this.sink.end()
      else this.sink.write(next.piece)
    }
  }
}
