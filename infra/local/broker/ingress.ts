import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announcesTooMuch, discardRest } from '../../host/body'
import { refuseUnreadable } from '../../host/unreadable'
import { type CloudEvent, extended, InvalidEvent } from './cloud-event'
import { eventFromHttp } from './http-binding'
import { type Observe, observed } from './observation'
import type { BrokerStream } from './stream'
import { within } from './within'

/**
 * The largest event's data, in bytes. nats-server takes 1 MiB in one message, headers included; with the attributes
 * of an event added, a million bytes of data still fit.
 */
export const MAX_DATA_BYTES = 1_000_000

export interface IngressOptions {
  /** 0 is any free port. */
  port: number
  host: string
  namespace: string
  streams: readonly BrokerStream[]
  /** Whether nats-server is there; if not, an event is refused at once instead of after the wait. */
  connected: () => boolean
  /** How long JetStream may take to acknowledge, in milliseconds; shorter than any client waits. */
  ackTimeoutMs: number
  on: Observe
}

export interface Ingress {
  url: string
  /** Takes no more connections; requests that are under way are answered, unless they take longer than `limitMs`. */
  stop(limitMs: number): Promise<void>
}

/** An answer other than 202; `detail` is for whoever sent the request. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    detail: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(detail)
  }
}

const ALLOW = { allow: 'POST, OPTIONS' }
const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/

/**
 * The brokers' HTTP side: `POST /<namespace>/<broker>` with an event in binary or structured mode.
 *
 * A 202 means that JetStream has the event. Whenever that is not certain the answer is 503, and the sender sends it
 * again; the same source and id within two minutes is stored once. Errors are problem details (RFC 9457).
 */
export async function startIngress(options: IngressOptions): Promise<Ingress> {
  const limits = { maxHeaderSize: 16_384, requestTimeout: 30_000, connectionsCheckingInterval: 3_000 }
  const server = createServer(limits, (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      if (error instanceof Refusal) refuse(response, error)
      else if (error instanceof InvalidEvent) {
        refuse(
          response,
          new Refusal(error.status, 'This is not a CloudEvent that the broker takes.', error.message),
        )
      } else if (!request.destroyed || request.complete) {
        refuse(response, new Refusal(500, 'The broker failed.', 'See its log.'))
        console.error('the broker failed to take an event:', error)
      }
    })
  })
  refuseUnreadable(server)
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${options.host}:${port}`,
    async stop(limitMs) {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
      server.closeIdleConnections()
      await within(limitMs, closed)
      server.closeAllConnections()
    },
  }
}

async function answer(
  options: IngressOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { namespace, streams, connected, ackTimeoutMs, on } = options
  const path = (request.url ?? '').split('?', 1)[0]!.replace(/\/$/, '')
  const stream = streams.find(({ broker }) => path === `/${namespace}/${broker}`)
  if (!stream) {
    const known = streams.map(({ broker }) => `/${namespace}/${broker}`).join(', ')
    throw new Refusal(404, 'There is no such broker.', `POST an event to one of ${known}.`)
  }
  if (request.method === 'OPTIONS') {
    response.writeHead(200, { ...ALLOW, 'content-length': 0 }).end()
    return
  }
  if (request.method !== 'POST') {
    throw new Refusal(
      405,
      'Only events are taken here.',
      `${request.method} is not allowed; POST an event.`,
      ALLOW,
    )
  }
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new Refusal(
      415,
      'The content encoding is not supported.',
      'Send the event without Content-Encoding.',
    )
  }
  if (announcesTooMuch(request, MAX_DATA_BYTES)) throw tooLarge()
  const body = await bodyOf(request)
  const event = traced(eventFromHttp(request.headersDistinct, body), request)
  const started = performance.now()
  const duplicate = await stored(stream, event, connected, ackTimeoutMs)
  response.writeHead(202, { 'content-length': 0 }).end()
  const kind = duplicate ? 'duplicate' : 'accepted'
  on({ kind, broker: stream.broker, event: observed(event), status: 202, ms: performance.now() - started })
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_DATA_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const tooLarge = () =>
  new Refusal(
    413,
    'The event is too large.',
    `An event may have ${MAX_DATA_BYTES} bytes of data. Send a reference to more.`,
  )

/**
 * Keeps the trace of the request in the event, as the distributed tracing extension, unless it has one of its own.
 * A malformed header is ignored (W3C Trace Context, section 3.2).
 */
function traced(event: CloudEvent, request: IncomingMessage): CloudEvent {
  const { traceparent } = request.headers
  if (event.attributes.has('traceparent')) return event
  return typeof traceparent === 'string' && TRACEPARENT.test(traceparent)
    ? extended(event, { traceparent })
    : event
}

async function stored(stream: BrokerStream, event: CloudEvent, connected: () => boolean, timeoutMs: number) {
  const unavailable = (reason: string) =>
    new Refusal(503, 'The event could not be stored.', `${reason} Send it again.`, { 'retry-after': '1' })
  if (!connected()) throw unavailable('JetStream cannot be reached.')
  try {
    return (await stream.store(event, { timeoutMs })).duplicate
  } catch (error) {
    throw unavailable(
      `JetStream did not acknowledge: ${error instanceof Error ? error.message : String(error)}.`,
    )
  }
}

function refuse(response: ServerResponse, { status, title, message, headers }: Refusal): void {
  if (response.headersSent || response.destroyed) return
  const body = JSON.stringify({ type: 'about:blank', title, status, detail: message })
  const type = { 'content-type': 'application/problem+json', 'content-length': Buffer.byteLength(body) }
  response.writeHead(status, { ...headers, ...type }).end(body)
  if (!response.req.complete) discardRest(response.req)
}
