import type { IncomingHttpHeaders } from 'node:http'
import { openExchange, type Answer } from './exchange'
import { setting, type Environment } from './operation'
import { requestProblem } from './problem'
import { resilience } from './resilience'
import { currentTrace } from './trace'

/**
 * Asks another operation over HTTP, in the trace of whoever asks. Of one that is away or overloaded (503) the call rejects with `unavailable`, so that
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
  const exchange = openExchange()
  const call = resilience(name, BOUNDS, TROUBLE)
  return (method, path, given = {}) => {
    const url = `${home}${path}`
    // Read here: a call that had to wait is begun by the one before it, which may be of another trace.
    const headers = { ...traceHeader(), ...given }
    return call(async (signal) => answerOf(url, await exchange(url, { method, headers, signal })))
  }
}

function traceHeader(): Record<string, string> {
  const { traceparent } = currentTrace() ?? {}
  return traceparent === undefined ? {} : { traceparent }
}

function answerOf(url: string, { status, headers, body }: Answer): PeerAnswer {
  if (status === 503) throw unavailable(url, headers)
  return { status, headers, body: jsonOf(body) }
}

function unavailable(url: string, headers: IncomingHttpHeaders): Error {
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
