import type { IncomingMessage, ServerResponse } from 'node:http'
import { announcesBody, discardRest, readWhole } from '../host/body'
import { refuse } from '../host/refusal'

/** Of bodies that are still on their way in, together: more than any honest crowd has. */
const MOST_BYTES = 64 * 1_048_576

/**
 * Takes bodies in whole before a function is asked for. A caller that sends slowly so holds a connection, of which there
 * are thousands, and not a place in a function: log-in has ten, and ten such callers would shut it.
 */
export class Intake {
  #bytes = 0

  constructor(private readonly mostBytes = MOST_BYTES) {}

  /** The body of a request; undefined when there is nobody to serve: the caller has left, or was refused here. */
  async take(request: IncomingMessage, response: ServerResponse): Promise<Buffer | undefined> {
    if (!announcesBody(request)) return Buffer.alloc(0)
    const body = await this.#read(request)
    if (body instanceof Buffer) return body
    if (body === 'too-large') refuse(request, response, 'request-too-large')
    if (body === 'too-many') refuse(request, response, 'unavailable', { 'Retry-After': '1' })
    if (body !== 'gone') discardRest(request)
    return undefined
  }

  async #read(request: IncomingMessage): Promise<Buffer | 'too-large' | 'too-many' | 'gone'> {
    let own = 0
    let giveUp: () => void = () => undefined
    const tooMany = new Promise<'too-many'>((resolve) => {
      giveUp = () => resolve('too-many')
    })
    const count = ({ length }: Buffer) => {
      own += length
      this.#bytes += length
      if (this.#bytes > this.mostBytes) giveUp()
    }
    request.on('data', count)
    const outcome = await Promise.race([readWhole(request), tooMany])
    request.off('data', count)
    this.#bytes -= own
    return outcome
  }
}
