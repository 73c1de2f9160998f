import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { refuse, refuseBytes } from './refusal'

/** Refuses what came over a connection, as an error of node:http's `clientError` says. */
type RefuseConnection = (error: { code?: string }, socket: Socket) => void

/**
 * Answers in problem+json what node:http would drop or answer with an empty body: bytes that are no HTTP, methods that
 * it does not know, headers that are too large, requests that stay away too long, expectations, CONNECT. An answer that
 * has begun on the connection is broken off instead, so that nobody takes the refusal for a part of it.
 */
export function refuseUnreadable(server: Server): RefuseConnection {
  const latest = new WeakMap<Socket, ServerResponse>()
  const refuseConnection: RefuseConnection = (error, socket) => {
    const begun = latest.get(socket)
    if (begun?.headersSent && !begun.writableFinished) socket.destroy()
    else refuseBytes(socket, error)
  }
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    latest.set(socket, response)
  })
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    refuse(request, response, 'expectation-failed')
  })
  server.on('connect', (_request: IncomingMessage, socket: Socket) => refuseBytes(socket, {}))
  server.on('clientError', refuseConnection)
  return refuseConnection
}
