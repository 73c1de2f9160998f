import { HOME } from './event'

/** A row of a domain's table of refusals. */
export interface ProblemRow {
  status: number
  /** A sentence for a person that never changes for one kind. */
  title: string
  /** What of the request a 422 is about, as a JSON Pointer in a URI fragment (RFC 6901, section 6); the whole of it if not said. */
  pointer?: string
}

/**
 * A refusal on its way out: thrown in a handler, written once by the HTTP wrapper as RFC 9457 problem+json.
 *
 * `members` are extension members of the document; `headers` go on the response (`Retry-After`, `Allow`).
 */
export class Problem extends Error {
  constructor(
    readonly domain: string,
    readonly kind: string,
    readonly status: number,
    readonly title: string,
    readonly members: Record<string, unknown> = {},
    readonly headers: Record<string, string> = {},
    readonly pointer = '#',
  ) {
    super(`${domain}/${kind}`)
  }

  /** The RFC 9457 document; a 422 always says what is wrong where. `instance` carries the trace id, the only thing a caller needs to report. */
  document(traceId: string) {
    const { title, status, members, pointer } = this
    const type = `${HOME}/problems/${this.domain}/${this.kind}`
    const errors = status === 422 ? [{ detail: title, pointer }] : undefined
    return { type, title, status, instance: `urn:trace:${traceId}`, ...(errors && { errors }), ...members }
  }
}

/** A domain's way of saying no: `problems('orders', table)` gives a function that knows only the table's kinds. */
export const problems =
  <T extends Record<string, ProblemRow>>(domain: string, table: T) =>
  (kind: keyof T & string, members?: Record<string, unknown>, headers?: Record<string, string>): Problem => {
    const row = table[kind]!
    return new Problem(domain, kind, row.status, row.title, members, headers, row.pointer)
  }

/** What any HTTP function may answer before its handler is asked. */
export const REQUEST_PROBLEMS = {
  'malformed-request': { status: 400, title: 'The request could not be read.' },
  'invalid-request': { status: 422, title: 'The request is not valid.' },
  'no-such-route': { status: 404, title: 'There is nothing here.' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method.' },
  'request-too-large': { status: 413, title: 'The request is too large.' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON.' },
  unauthenticated: { status: 401, title: 'A valid access token is needed.' },
  forbidden: { status: 403, title: 'This is not yours to do.' },
  'idempotency-key-missing': { status: 400, title: 'An Idempotency-Key header is needed.' },
  'idempotency-key-invalid': {
    status: 400,
    title: 'The Idempotency-Key must be 1 to 255 visible ASCII characters.',
  },
  'idempotency-key-reused': { status: 422, title: 'This Idempotency-Key belongs to another request.' },
  'request-in-progress': {
    status: 409,
    title: 'The first request with this Idempotency-Key is still running.',
  },
  fault: { status: 500, title: 'Something went wrong on our side.' },
  unavailable: { status: 503, title: 'Please try again in a moment.' },
} as const

export const requestProblem = problems('platform', REQUEST_PROBLEMS)
