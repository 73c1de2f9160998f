import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { BODY_LIMIT } from './body-limit'
import type { Model } from './event'
import { invalid, parse } from './parse'
import { requestProblem } from './problem'
import { matchRoute } from './route'
import type { Operation } from './operation'

/** A request before its input is parsed; a handler that checks a signature needs it as it came. */
export interface RawRequest {
  method: string
  route: string
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
  params: Record<string, string>
  query: URLSearchParams
}

/** Reads a request whole. The host has read its body already; a bare node:http server has not. */
export async function readRequest(
  operation: Operation,
  message: IncomingMessage & { rawBody?: Buffer },
): Promise<RawRequest> {
  const url = (message as { originalUrl?: string }).originalUrl ?? message.url ?? '/'
  const [path, search] = splitOnce(url, '?')
  const method = message.method ?? 'GET'
  const { route, params } = matchRoute(operation, method, path)
  const body = message.rawBody ?? (await readBody(message))
  return { method, route, path, headers: message.headers, body, params, query: new URLSearchParams(search) }
}

/** The whole body of a request that no host has read before. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_LIMIT) throw requestProblem('request-too-large', {}, { Connection: 'close' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The input of a request, or 400, 415 or 422; for a handler whose own input is `raw`. */
export const inputOf = <T extends object>(request: RawRequest, Input: Model<T>): T =>
  parse(Input, fieldsOf(request, Input), Input.tolerant ? 'tolerant' : 'strict')

/**
 * The fields a handler's input is parsed from: the path's parameters, and the query of a GET or DELETE or the JSON body
 * of anything else. A body may not set what the path says.
 */
export function fieldsOf({ method, headers, body, params, query }: RawRequest, Input: Model): object {
  const reading = method === 'GET' || method === 'HEAD' || method === 'DELETE'
  const given = reading ? queryFields(query) : Input.raw ? {} : jsonBody(headers, body)
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid([{ detail: 'must be an object', pointer: '#' }])
  }
  const twice = Object.keys(params).filter((name) => Object.hasOwn(given, name))
  if (twice.length > 0) {
    throw invalid(twice.map((name) => ({ detail: 'is given by the path', pointer: `#/${name}` })))
  }
  return { ...(reading ? withIntegers(given, Input) : given), ...withIntegers(params, Input) }
}

function queryFields(query: URLSearchParams): object {
  const names = [...new Set(query.keys())]
  return Object.fromEntries(
    names.map((name) => {
      const values = query.getAll(name)
      return [name, values.length === 1 ? values[0] : values]
    }),
  )
}

function withIntegers(fields: object, { integers = [] }: Model): object {
  const entries = Object.entries(fields).map(([name, value]) => {
    const whole = integers.includes(name) && typeof value === 'string' && /^-?\d{1,15}$/.test(value)
    return [name, whole ? Number(value) : (value as unknown)]
  })
  return Object.fromEntries(entries) as object
}

function jsonBody(headers: IncomingHttpHeaders, body: Buffer): unknown {
  if (body.length === 0) return {}
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  if (type !== 'application/json' && !/^application\/[\w.+-]+\+json$/.test(type)) {
    throw requestProblem('unsupported-media-type')
  }
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    throw requestProblem('unsupported-media-type', { detail: 'The body must not be encoded.' })
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown
  } catch (cause) {
    throw Object.assign(requestProblem('malformed-request', { detail: 'The body is not valid JSON.' }), {
      cause,
    })
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
