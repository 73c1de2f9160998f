import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { discardRest, readWhole } from './body'
import { LATER, Overload } from './overload'
import { refuse } from './refusal'
import { refuseUnreadable } from './unreadable'

/** Requests under way in this process, and whether it is going away. */
export interface Traffic {
  inFlight: number
  draining: boolean
  /** Called whenever the last request under way was answered. */
  idle: () => void
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void

const HEALTH = /^\/(health\/(liveness|readiness)|_\/(health|ready))(\?|$)/
const READINESS = /^\/(health\/readiness|_\/ready)/

/**
 * Puts our own reading of requests before the framework's.
 *
 * Its body parsers answer malformed JSON with a page of HTML and take a gigabyte; they leave alone a request whose body
 * was read already, so we read it, keep it in `rawBody` and refuse in problem+json what cannot be read.
 *
 * A process that has enough to do refuses more with 503 before a byte of a body is kept. Its health is not in question: it
 * lives and is ready as before, since to be restarted or left out would only lose what it does.
 */
export function standInFront(server: Server, traffic: Traffic, overload = new Overload()): void {
  const [framework] = server.listeners('request') as [Listener]
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage & { rawBody?: Buffer }, response: ServerResponse) => {
    const url = request.url ?? '/'
    if (HEALTH.test(url)) {
      answerHealth(response, traffic.draining && READINESS.test(url))
      return
    }
    const isTooMuch = overload.refuses(traffic.inFlight)
    count(traffic, response)
    if (isTooMuch) {
      refuse(request, response, 'unavailable', LATER)
      discardRest(request)
      return
    }
    if (!isReadable(url)) {
      refuse(request, response, 'malformed-request')
      discardRest(request)
      return
    }
    if (/^\/(favicon\.ico|robots\.txt)([/?]|$)/i.test(url)) {
      refuse(request, response, 'no-such-route')
      return
    }
    void readWhole(request).then((body) => {
      if (body === 'gone') return
      if (body === 'too-large') {
        refuse(request, response, 'request-too-large')
        discardRest(request)
        return
      }
      request.rawBody = body
      framework(request, response)
    })
  })
  refuseUnreadable(server)
}

function count(traffic: Traffic, response: ServerResponse): void {
  traffic.inFlight++
  response.shouldKeepAlive &&= !traffic.draining
  response.once('close', () => {
    traffic.inFlight--
    if (traffic.inFlight === 0) traffic.idle()
  })
}

function answerHealth(response: ServerResponse, unready: boolean): void {
  response.writeHead(unready ? 503 : 200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' })
  response.end(unready ? 'draining' : 'ok')
}

/** The framework decodes the path and fails with HTML on what is not UTF-8 (RFC 3986, section 2.5). */
function isReadable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0]!)
    return url.startsWith('/')
  } catch {
    return false
  }
}
