import type { IncomingMessage } from 'node:http'
import type { RefusalKind } from '../host/refusal'
import type { RoutingTable } from './routes'

/** Where the gateway takes a request: to a function, or nowhere, with an answer of its own. */
export type Destination =
  | { to: string }
  | { refuse: RefusalKind; headers?: Record<string, string> }
  /** The answer to OPTIONS. */
  | { allow: string[] }

const OWN_HOST = /^([a-z0-9-]+)\.(?:localhost|kiosk\.127\.0\.0\.1\.sslip\.io)\.?(?::\d+)?$/i

/** RFC 9110, section 4.1, asks for at least 8000. */
const LONGEST_ADDRESS = 8_192

/**
 * Decides by host, method and path. A function's own host leads to it whatever the path, if it is one of `external`;
 * any other host goes by the routes. The request's address is left in origin form (RFC 9112, section 3.2).
 */
export function destinationOf(
  request: IncomingMessage,
  external: Set<string>,
  routes: RoutingTable,
): Destination {
  const { method = 'GET', url = '/', headers, httpVersion } = request
  if (url.length > LONGEST_ADDRESS) return { refuse: 'address-too-long', headers: { Connection: 'close' } }
  if (!headers.host && httpVersion !== '1.0') return { refuse: 'malformed-request' }
  if (method === 'OPTIONS' && url === '*') return { allow: ['GET', 'HEAD', 'OPTIONS'] }
  request.url = originForm(url)
  const path = request.url.split('?', 1)[0]!
  if (!isDecodable(path)) return { refuse: 'malformed-request' }

  const own = OWN_HOST.exec(headers.host ?? '')?.[1]?.toLowerCase()
  if (own !== undefined) return external.has(own) ? { to: own } : { refuse: 'no-such-route' }
  const { service, allow } = routes.find(method, path)
  if (service !== undefined) return { to: service }
  if (allow.length === 0) return { refuse: 'no-such-route' }
  if (method === 'OPTIONS') return { allow }
  return { refuse: 'method-not-allowed', headers: { Allow: allow.join(', ') } }
}

const originForm = (url: string) => url.replace(/^https?:\/\/[^/?]*/i, '').replace(/^(?=\?|$)/, '/')

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return path.startsWith('/')
  } catch {
    return false
  }
}
