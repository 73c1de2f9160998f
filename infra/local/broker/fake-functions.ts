import { createServer, type IncomingMessage, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Deliver } from './delivery'

/** A request as a function saw it. */
export interface Received {
  service: string
  headers: IncomingMessage['headers']
  body: Buffer
  at: number
}

export interface FakeAnswer {
  status: number
  headers?: Record<string, string>
  body?: string
}

/** Functions for the broker's tests, over real HTTP: each answers as it is told to, and 204 if it is not. */
export interface FakeFunctions {
  deliver: Deliver
  /** What the function got, in order. */
  received(service: string): Received[]
  /** How it answers from now on; `nth` is 1 for its first request. A rejection breaks the connection. */
  answers(service: string, how: (nth: number, received: Received) => FakeAnswer | Promise<FakeAnswer>): void
  close(): Promise<void>
}

export async function fakeFunctions(): Promise<FakeFunctions> {
  const log: Received[] = []
  const scripts = new Map<string, Parameters<FakeFunctions['answers']>[1]>()
  const received = (service: string) => log.filter((one) => one.service === service)
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const service = request.url!.slice(1)
      const one = { service, headers: request.headers, body: Buffer.concat(chunks), at: performance.now() }
      log.push(one)
      const script = scripts.get(service) ?? ((): FakeAnswer => ({ status: 204 }))
      Promise.resolve()
        .then(() => script(received(service).length, one))
        .then(({ status, headers, body }) => response.writeHead(status, headers ?? {}).end(body))
        .catch(() => request.socket.destroy())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    received,
    answers: (service, how) => void scripts.set(service, how),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
    deliver: (service, { headers, body, timeoutMs }) =>
      new Promise((resolve, reject) => {
        const options = { method: 'POST', headers, signal: AbortSignal.timeout(timeoutMs) }
        const outgoing = httpRequest(`http://127.0.0.1:${port}/${service}`, options, (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('error', reject)
          answer.on('end', () => {
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) })
          })
        })
        outgoing.on('error', reject)
        outgoing.end(body)
      }),
  }
}
