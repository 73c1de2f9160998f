import { request as plain } from 'node:http'
import { setting, type Environment } from './operation'

/** Asks another operation over HTTP, as any client would. */
export type Peer = (method: string, path: string, headers?: Record<string, string>) => Promise<PeerAnswer>

export interface PeerAnswer {
  status: number
  body: unknown
}

const TIMEOUT_MS = 10_000

/**
 * A port to another operation, whose address is `<NAME>_URL` (from `needs: ["operation:<name>"]`). For the few places
 * where an answer is needed at once; what can be learned by events is.
 */
export const peer =
  (name: string) =>
  (env: Environment): Peer =>
    peerAt(name, setting(env, `${name.replaceAll('-', '_').toUpperCase()}_URL`))

/** A port to any operation, by its name (from `needs: ["operation:*"]`). */
export const anyPeer = (env: Environment): ((name: string) => Peer) => {
  const addressOf = openAddresses(env)
  return (name) => peerAt(name, addressOf(name))
}

/** Where each Service of the shop is inside its cluster. */
export const openAddresses = (env: Environment): ((service: string) => string) => {
  const template = setting(env, 'OPERATION_URL')
  return (service) => template.replace('{operation}', service)
}

function peerAt(name: string, address: string): Peer {
  // The address may have a path of its own, as behind OpenFaaS's gateway.
  const home = address.replace(/\/$/, '')
  return (method, path, headers = {}) =>
    new Promise((resolve, reject) => {
      const request = plain(`${home}${path}`, { method, headers, timeout: TIMEOUT_MS }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: jsonOf(Buffer.concat(chunks)) }),
        )
      })
      request.on('timeout', () => request.destroy(new Error(`${name} did not answer in ${TIMEOUT_MS} ms`)))
      request.on('error', reject)
      request.end()
    })
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
