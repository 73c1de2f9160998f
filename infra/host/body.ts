import type { IncomingMessage } from 'node:http'
import { BODY_LIMIT } from '#runtime/body-limit'

/** Whether a request says that a body follows. */
export const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Whether a request says that its body will be larger than the limit. */
export const announcesTooMuch = ({ headers }: IncomingMessage, limit = BODY_LIMIT): boolean =>
  Number(headers['content-length'] ?? 0) > limit

/**
 * Reads a request's body whole.
 *
 * `too-large` comes as soon as the limit is passed or announced (nothing more is kept), `gone` when the caller left.
 */
export function readWhole(request: IncomingMessage): Promise<Buffer | 'too-large' | 'gone'> {
  if (announcesTooMuch(request)) return Promise.resolve('too-large')
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const keep = (chunk: Buffer) => {
      size += chunk.length
      if (size <= BODY_LIMIT) chunks.push(chunk)
      else settle('too-large')
    }
    const settle = (outcome: Buffer | 'too-large' | 'gone') => {
      request.off('data', keep)
      if (outcome === 'too-large') request.pause()
      resolve(outcome)
    }
    request.on('data', keep)
    request.once('end', () => settle(Buffer.concat(chunks)))
    request.once('error', () => settle('gone'))
    request.once('close', () => settle('gone'))
  })
}

/**
 * Lets a caller whose body was refused read the answer: what it still sends is thrown away for at most two seconds,
 * then the connection ends. Closing at once would reset the connection under the answer (RFC 9112, section 9.6).
 */
export function discardRest(request: IncomingMessage): void {
  request.resume()
  setTimeout(() => request.complete || request.socket.destroy(), 2_000).unref()
}
