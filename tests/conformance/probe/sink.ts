import { once } from 'node:events'
import { request, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Request } from './probe'

/** An event as it was delivered, whichever mode it came in. */
export interface Delivered {
  /** Of the request. */
  headers: Record<string, string | string[] | undefined>
  attributes: Record<string, string>
  /** Base64. */
  data: string
}

/** A message for the broker, which only functions can reach in a cluster; without a path it goes to K_SINK. */
export interface Publication {
  method: string
  path?: string
  headers: Record<string, string>
  /** Base64. */
  body: string
}

const remembered = new Map<string, Delivered[]>()

/** What was delivered with this id, in order. */
export const deliveries = (id: string): Delivered[] => remembered.get(id) ?? []

/**
 * Takes an event, remembers it, and answers as it says itself: the extension `answers` is a list with commas, of which
 * the nth delivery gets the nth or else the last. `200+event` is an answer with a reply, `200+text` one with a body.
 */
export function take(message: Request, response: ServerResponse): void {
  const delivered = eventIn(message)
  const { id = '', answers = '204', knativeerrordest } = delivered.attributes
  remembered.set(id, [...deliveries(id), delivered])
  const script = answers.split(',')
  // A dead letter keeps the attributes of its event, and is to be taken.
  const isLetter = knativeerrordest !== undefined || process.env['K_SERVICE'] === 'conformance-burial'
  const [status = '', body] = (
    isLetter ? '204' : (script[deliveries(id).length - 1] ?? script.at(-1)!)
  ).split('+')
  if (body === 'event') {
    response.writeHead(Number(status), {
      'ce-specversion': '1.0',
      'ce-id': `${id}-reply`,
      'ce-source': '/conformance/sink',
      'ce-type': 'conformance.reply',
      'content-type': 'text/plain',
    })
    response.end('replied')
  } else if (body === 'text' || Number(status) >= 300) response.writeHead(Number(status)).end('because')
  else response.writeHead(Number(status)).end()
}

function eventIn({ headers, rawBody }: Request): Delivered {
  if (/^application\/cloudevents\+json/.test(headers['content-type'] ?? '')) {
    const { data, data_base64, ...attributes } = JSON.parse(rawBody.toString()) as Record<string, string>
    const bytes = data_base64 !== undefined ? Buffer.from(data_base64, 'base64') : JSON.stringify(data)
    return { headers, attributes, data: Buffer.from(bytes).toString('base64') }
  }
  const attributes: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-')) attributes[name.slice(3)] = decodeURIComponent(String(value))
  }
  const type = headers['content-type']
  if (type !== undefined) attributes['datacontenttype'] = type
  return { headers, attributes, data: rawBody.toString('base64') }
}

/** Sends a message to the broker as it is, and answers what came back. */
export async function publish(publication: Buffer): Promise<{ status: number; headers: object }> {
  const { method, path, headers, body } = JSON.parse(publication.toString()) as Publication
  const sink = new URL(path ?? '', process.env['K_SINK'])
  const sent = request(sink, { method, headers, agent: false })
  sent.end(Buffer.from(body, 'base64'))
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  await buffer(answer)
  return { status: answer.statusCode!, headers: answer.headers }
}
