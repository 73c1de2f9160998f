import { request, type Agent, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { responseHeaders } from './headers'
import { NotSent, Refused } from './refused'

/** Where a function listens. */
export interface Upstream {
  /** The loopback address when not given. */
  host?: string
  port: number
  agent: Agent
}

/** A request as a function gets it; `headers` alternate name and value. */
export interface Message {
  method: string
  path: string
  headers: string[]
  /** Writes and ends the body; called once, when there is a connection. */
  write: (upstream: ClientRequest) => void
}

/**
 * Sends a request to a function and resolves with the head of its answer.
 *
 * Fails with `NotSent` while no byte can have reached the function, and with 502 afterwards: only the caller knows
 * whether a request that may have been served can be repeated.
 */
export function send(upstreamAt: Upstream, message: Message, signal: AbortSignal): Promise<IncomingMessage> {
  const { method, path, headers, write } = message
  const { agent, host = '127.0.0.1', port } = upstreamAt
  return new Promise((resolve, reject) => {
    const upstream = request({ agent, host, port, method, path, headers, setHost: false })
    let sent = false
    const abort = () => upstream.destroy()
    const begin = () => {
      sent = true
      write(upstream)
    }
    signal.addEventListener('abort', abort, { once: true })
    upstream.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', begin)
      else begin()
    })
    upstream.once('response', resolve)
    upstream.on('error', (cause) => {
      if (signal.aborted) reject(signal.reason as Error)
      else reject(Object.assign(sent ? new Refused('broken-answer') : new NotSent(), { cause }))
    })
    upstream.once('close', () => signal.removeEventListener('abort', abort))
  })
}

/**
 * Streams an instance's answer to the caller, and resolves when the caller has it or has left. An answer that breaks off
 * half-way breaks off for the caller too. (Not `stream.pipeline`: its AbortController cost 5 % of the gateway's time.)
 */
export function relay(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, responseHeaders(answer))
  return new Promise((resolve) => {
    if (response.destroyed) resolve()
    response.once('close', resolve)
    answer.once('error', () => response.destroy())
    answer.once('close', () => answer.complete || response.destroy())
    answer.pipe(response)
  })
}

/** The whole body of an answer. */
export async function bodyOf(answer: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch (cause) {
    throw signal.aborted ? signal.reason : Object.assign(new Refused('broken-answer'), { cause })
  }
  return Buffer.concat(chunks)
}
