import type { IncomingMessage } from 'node:http'
import { randomBytes } from 'node:crypto'

/** RFC 9110, section 7.6.1: they speak of one connection only. `Expect` was answered by the gateway. */
const OF_ONE_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])
/**
 * Meant for every recipient, so that no `Connection` may name them (RFC 9110, section 7.6.1). Without its length a body would
 * be read as the next request on a connection that others use too.
 */
const OF_THE_WHOLE_WAY = new Set(['content-length', 'host'])

const FORWARDED = new Set(['forwarded', 'x-forwarded-for', 'x-forwarded-proto'])
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}/

/**
 * A request's headers for the function: the caller's, as they were written, and those of Knative's runtime contract
 * (`Forwarded`, `X-Forwarded-For`, `X-Forwarded-Proto`, `traceparent`, a `Host` that is never empty).
 */
export function requestHeaders(request: IncomingMessage, service: string): string[] {
  const { headers, socket, method } = request
  const kept = endToEnd(
    request,
    (name) => !FORWARDED.has(name) && !(name === 'traceparent' && !isTraced(request)),
  )
  const address = (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')
  const host = headers.host ?? ''
  if (host === '') kept.push('Host', `${service}.localhost`)
  const node = address.includes(':') ? `"[${address}]"` : address
  const hop = `for=${node};host="${host.replace(/[^\w.:[\]-]/g, '')}";proto=http`
  kept.push('Forwarded', listed(headers.forwarded, hop))
  kept.push('X-Forwarded-For', listed(headers['x-forwarded-for'], address))
  kept.push('X-Forwarded-Proto', 'http')
  if (!isTraced(request)) kept.push('traceparent', beginTrace(request))
  if (headers['transfer-encoding']) kept.push('Transfer-Encoding', 'chunked')
  else if (
    headers['content-length'] === undefined &&
    !/^(GET|HEAD|DELETE|OPTIONS|TRACE)$/.test(method ?? '')
  ) {
    kept.push('Content-Length', '0')
  }
  return kept
}

/** An answer's headers for the caller. */
export const responseHeaders = (answer: IncomingMessage): string[] => endToEnd(answer, () => true)

const isTraced = ({ headers }: IncomingMessage) => TRACEPARENT.test(String(headers['traceparent']))

/** Kept on the request too, so that a refusal of ours and the function's log name the same trace. */
function beginTrace({ headers }: IncomingMessage): string {
  const ids = randomBytes(24).toString('hex')
  return (headers['traceparent'] = `00-${ids.slice(0, 32)}-${ids.slice(32)}-01`)
}

function endToEnd({ rawHeaders, headers }: IncomingMessage, keep: (name: string) => boolean): string[] {
  const named = headers.connection?.toLowerCase().split(/[\s,]+/) ?? []
  const isOfOneConnection = (name: string) =>
    OF_ONE_CONNECTION.has(name) || (named.includes(name) && !OF_THE_WHOLE_WAY.has(name))
  const kept: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase()
    if (isOfOneConnection(name) || !keep(name)) continue
    if (name === 'host' && rawHeaders[index + 1] === '') continue
    kept.push(rawHeaders[index]!, rawHeaders[index + 1]!)
  }
  return kept
}

const listed = (before: string | string[] | undefined, last: string) =>
  before === undefined || before.length === 0 ? last : `${String(before)}, ${last}`
