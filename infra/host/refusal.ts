import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { problems, REQUEST_PROBLEMS } from '#runtime/problem'

/** What stands in front of a function may answer in its place; none of it says more than its sentence. */
const FRONT_PROBLEMS = {
  ...REQUEST_PROBLEMS,
  'request-timeout': { status: 408, title: 'The request took too long to arrive.' },
  'address-too-long': { status: 414, title: 'The address is too long.' },
  'expectation-failed': { status: 417, title: 'That expectation cannot be met.' },
  'headers-too-large': { status: 431, title: 'The headers are too large.' },
  'broken-answer': { status: 502, title: 'The connection to the function broke.' },
  'late-answer': { status: 504, title: 'The function did not answer in time.' },
} as const

const frontProblem = problems('platform', FRONT_PROBLEMS)

/** Why a request was not served by a function. */
export type RefusalKind = keyof typeof FRONT_PROBLEMS

/** A whole answer, ready to be written or handed on. */
export interface WholeAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/**
 * A refusal as problem+json (RFC 9457); `instance` carries the trace id of a W3C traceparent, or a fresh one, so that a
 * caller has something to report even where no function was reached.
 */
export function refusal(
  kind: RefusalKind,
  traceparent?: string | string[],
  headers: Record<string, string> = {},
): WholeAnswer {
  const traceId = traceIdOf(traceparent)
  const problem = frontProblem(kind)
  const body = Buffer.from(JSON.stringify(problem.document(traceId)))
  const standard = {
    'Content-Type': 'application/problem+json',
    'Content-Length': String(body.length),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    traceparent: traceparentOf(traceId),
  }
  return { status: problem.status, headers: { ...standard, ...headers }, body }
}

const traceIdOf = (traceparent?: string | string[]): string =>
  /^00-(?!0{32})([0-9a-f]{32})-/.exec(String(traceparent))?.[1] ?? randomBytes(16).toString('hex')

const traceparentOf = (traceId: string) => `00-${traceId}-${randomBytes(8).toString('hex')}-00`

/** The `traceparent` of an answer that no function gave: the trace of the request, or a new one (W3C Trace Context). */
export const traceOf = ({ headers }: IncomingMessage): string =>
  traceparentOf(traceIdOf(headers['traceparent']))

/** Answers a request with a refusal; an answer that has begun can only be broken off. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  kind: RefusalKind,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const answer = refusal(kind, request.headers['traceparent'], headers)
  response.writeHead(answer.status, answer.headers).end(request.method === 'HEAD' ? undefined : answer.body)
}

const KINDS_OF_CODES: Record<string, RefusalKind> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'request-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
}

/** How long a caller whose connection was ended may leave its own end open. */
const FAREWELL_MS = 2_000

/** Answers bytes that node:http could not read as a request, straight on the socket, and closes it. */
export function refuseBytes(socket: Duplex, error: { code?: string }): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { status, headers, body } = refusal(KINDS_OF_CODES[error.code ?? ''] ?? 'malformed-request')
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n${lines.join('')}\r\n${body.toString()}`)
  setTimeout(() => socket.destroy(), FAREWELL_MS).unref()
}
