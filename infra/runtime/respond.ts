import type { ServerResponse } from 'node:http'
import type { Log } from './log'
import { requestProblem, type Problem } from './problem'
import type { Reply } from './reply'
import type { Trace } from './trace'

/** Writes an answer: text as it is, anything else as JSON. The trace goes back to the caller. */
export function respond(response: ServerResponse, { status, headers = {}, body }: Reply, trace: Trace): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const length = Buffer.byteLength(text)
  response.writeHead(status, {
    ...(text && { 'Content-Type': 'application/json', 'Content-Length': length }),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    traceparent: trace.traceparent,
    ...headers,
  })
  response.end(text)
}

/** Writes a refusal as problem+json. A fault of ours says its trace id and nothing else; the log says the rest. */
export function refuse(response: ServerResponse, error: unknown, trace: Trace, log: Log): void {
  if (response.headersSent) {
    log.error('failed after the answer had begun', { error })
    response.destroy()
    return
  }
  const { status, headers, body } = refusalOf(error, trace, log)
  respond(
    response,
    { status, headers: { 'Content-Type': 'application/problem+json', ...headers }, body },
    trace,
  )
}

function refusalOf(error: unknown, { traceId }: Trace, log: Log) {
  if (isProblem(error)) return { status: error.status, headers: error.headers, body: error.document(traceId) }
  log.error('a request failed', { error })
  const outage = outageIn(error)
  if (outage) return { status: outage.status, headers: outage.headers, body: outage.document(traceId) }
  return { status: 500, headers: {}, body: requestProblem('fault').document(traceId) }
}

/** By shape, not by class: a bundle and a test may hold two copies of the class. */
export const isProblem = (error: unknown): error is Problem =>
  error instanceof Error && 'kind' in error && 'title' in error && 'document' in error

const OUTAGES = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|57014|57P0[123]|25P0[34]|53300|08\w{3})$/

const SAID =
  /connection (terminated|timeout)|timeout exceeded when trying to connect|query read timeout|redis is not reachable/i

/**
 * A system that is away comes back: 503 and a moment, not 500; a longer one when its circuit is open and says so. What the
 * driver says may stand in a cause.
 */
function outageIn(error: unknown): Problem | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if (isProblem(error) && error.status === 503) return error
  const { code = '', name, message = '', cause } = error as Partial<Error & { code: string }>
  if (SAID.test(message) || name === 'TimeoutError' || OUTAGES.test(code)) {
    return requestProblem('unavailable', {}, { 'Retry-After': '1' })
  }
  return outageIn(cause)
}
