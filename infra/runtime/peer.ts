import {
  request as plain,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http'
import { setting, type Environment } from './operation'
import { requestProblem } from './problem'
import { resilience } from './resilience'

/**
 * Asks another operation over HTTP. Of one that is away or overloaded (503) the call rejects with `unavailable`, so that
 * whoever asked us is told to come back as well.
 */
export type Peer = (method: string, path: string, headers?: Record<string, string>) => Promise<PeerAnswer>

export interface PeerAnswer {
  status: number
  headers?: IncomingHttpHeaders
  body: unknown
}

/** An operation may have to be started first. Its 5xx are its trouble; any other answer is an answer. */
const BOUNDS = { timeoutMs: 10_000, concurrency: 16, queue: 256 }
const TROUBLE = { isFailedAnswer: (answer: unknown) => (answer as PeerAnswer).status >= 500 }

/**
 * A port to another operation, whose address is `<NAME>_URL` (from `needs: ["operation:<name>"]`). For the few places
 * where an answer is needed at once; what can be learned by events is.
 */
export const peer =
  (name: string) =>
  (env: Environment): Peer =>
    peerAt(name, setting(env, `${name.replaceAll('-', '_').toUpperCase()}_URL`))

/** A port to any operation, by its name (from `needs: ["operation:*"]`); the trouble of one is none of another's. */
export const anyPeer = (env: Environment): ((name: string) => Peer) => {
  const addressOf = openAddresses(env)
  const opened = new Map<string, Peer>()
  return (name) => {
    const known = opened.get(name) ?? peerAt(name, addressOf(name))
    opened.set(name, known)
    return known
  }
}

/** Where each Service of the shop is inside its cluster. */
export const openAddresses = (env: Environment): ((service: string) => string) => {
  const template = setting(env, 'OPERATION_URL')
  return (service) => template.replace('{operation}', service)
}

function peerAt(name: string, address: string): Peer {
  // The address may have a path of its own, as behind OpenFaaS's gateway.
  const home = address.replace(/\/$/, '')
  const call = resilience(name, BOUNDS, TROUBLE)
  return (method, path, headers = {}) =>
    call((signal) => asked(`${home}${path}`, { method, headers, signal }))
}

const asked = (url: string, options: RequestOptions): Promise<PeerAnswer> =>
  new Promise((resolve, reject) => {
    const request = plain(url, options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        response.statusCode === 503
          ? reject(unavailable(url, response))
          : resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: jsonOf(Buffer.concat(chunks)),
            }),
      )
    })
    request.on('error', reject)
    request.end()
  })

function unavailable(url: string, { headers }: IncomingMessage): Error {
  const seconds = /^\d{1,4}$/.exec(headers['retry-after'] ?? '')?.[0] ?? '1'
  const cause = new Error(`${url} answered 503`)
  return Object.assign(requestProblem('unavailable', {}, { 'Retry-After': seconds }), { cause })
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
