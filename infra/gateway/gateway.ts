import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announcesTooMuch, discardRest } from '../host/body'
import { refuse, traceOf } from '../host/refusal'
import { refuseUnreadable } from '../host/unreadable'
import { destinationOf } from './destination'
import type { FunctionService } from '../local/manifests/manifests'
import { expectProgress } from './progress'
import { RoutingTable } from './routes'
import type { Scaler } from '../local/scaler/scaler'

/** A function as the gateway knows it. */
export type Routed = Pick<FunctionService, 'name' | 'routes' | 'visibility'>

/** What the gateway is given. */
export interface GatewaySettings {
  services: Routed[]
  /** Who takes a request to its function. */
  scaler: Pick<Scaler, 'handle'>
  /** 0 takes any free port. */
  port: number
  /** The address to listen on; every one when not given. */
  host?: string
  /** How long a request may make no progress on its way in, milliseconds; 30 s when not given. In all it has twice that. */
  patienceMs?: number
}

/** The shop's front door. */
export interface Gateway {
  port: number
  /** Stops listening and waits for what is under way, at most the limit (10 s). */
  stop(limitMs?: number): Promise<void>
}

const MOST_HEADER_BYTES = 32_768
const PATIENCE_MS = 30_000
/** A minute for a whole request: who sends a byte a second makes progress, and would hold a connection for minutes. */
const WHOLE_REQUEST_PATIENCES = 2
const KEEP_ALIVE_MS = 65_000
const STOP_LIMIT_MS = 10_000

/**
 * Opens the shop's front door: a function's own host (`place-order.localhost`) leads to it whatever the path, any other
 * host goes by method and path. Whatever bytes arrive, the answer is the function's or problem+json below 500.
 *
 * Rejects when two functions claim one route, or the port is taken.
 */
export async function startGateway(settings: GatewaySettings): Promise<Gateway> {
  const { services, scaler, port, host, patienceMs = PATIENCE_MS } = settings
  const external = services.filter(({ visibility }) => visibility === 'external')
  const names = new Set(external.map(({ name }) => name))
  const routes = new RoutingTable(services)
  const options = {
    maxHeaderSize: MOST_HEADER_BYTES,
    requireHostHeader: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: patienceMs,
    requestTimeout: WHOLE_REQUEST_PATIENCES * patienceMs,
    connectionsCheckingInterval: Math.ceil(patienceMs / 10),
  }

  const server = createServer(options, (request, response) => {
    if (announcesTooMuch(request)) {
      refuse(request, response, 'request-too-large')
      discardRest(request)
      return
    }
    const destination = destinationOf(request, names, routes)
    expectProgress(request, response, patienceMs, () =>
      refuseConnection({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, request.socket),
    )
    if ('to' in destination) void scaler.handle(destination.to, request, response)
    else if ('refuse' in destination) refuse(request, response, destination.refuse, destination.headers)
    else response.writeHead(204, { Allow: destination.allow.join(', '), traceparent: traceOf(request) }).end()
  })
  const refuseConnection = refuseUnreadable(server)

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    stop: (limitMs = STOP_LIMIT_MS) => stopped(server, limitMs),
  }
}

async function stopped(server: Server, limitMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const cut = setTimeout(() => server.closeAllConnections(), limitMs)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}
