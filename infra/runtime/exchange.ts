import { Agent, request, type AgentOptions, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'

/** One request, ready to be sent. */
export interface Question {
  method: string
  headers: Readonly<Record<string, string | number>>
  body?: Buffer
  /** Whom to trust, in PEM, where it is not whom everybody trusts. */
  ca?: string
  /** Gives it up: a time-out is one of these. */
  signal: AbortSignal
}

/** What came back, whatever its status. */
export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** Asks once. */
export type Exchange = (url: string | URL, question: Question) => Promise<Answer>

/** What none of those we ask comes near, and what a function of 128 MiB survives. */
const MOST_BYTES = 8 * 1_048_576

/**
 * Opens a way to ask other systems over HTTP or HTTPS, with connections of its own where `connections` says how they are
 * to be kept, and Node's otherwise. Any status is an answer; a broken connection or a given up question rejects, and so
 * does, with a TypeError, what no request can say: then nobody was asked.
 *
 * Of a body longer than `most` bytes only the beginning is kept: no answer of another system can take our memory, and
 * what was cut off is no JSON. HTTPS is loaded at the first address that needs it: inside a cluster none does.
 */
export function openExchange(connections?: AgentOptions, most = MOST_BYTES): Exchange {
  const transports = new Map<string, Promise<Transport>>()
  return async (url, question) => {
    const address = new URL(url)
    const { protocol } = address
    const opening = transports.get(protocol) ?? transportFor(protocol, connections)
    transports.set(protocol, opening)
    return exchanged(await opening, address, question, most)
  }
}

type Transport = Awaited<ReturnType<typeof transportFor>>

async function transportFor(protocol: string, connections: AgentOptions | undefined) {
  const { request: send, Agent: Connections } =
    protocol === 'https:' ? await import('node:https') : { request, Agent }
  return { send, ...(connections && { agent: new Connections(connections) }) }
}

function exchanged(
  { send, ...transport }: Transport,
  url: URL,
  { body, ...question }: Question,
  most: number,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body && { 'content-length': body.length }
    const options = { ...transport, ...question, headers: { ...question.headers, ...length } }
    const sent = send(url, options, (response) => {
      response.on('error', reject)
      keep(response, most, (kept) =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: kept }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function keep(response: IncomingMessage, most: number, whole: (kept: Buffer) => void): void {
  const chunks: Buffer[] = []
  let room = most
  response.on('data', (chunk: Buffer) => {
    if (room > 0) chunks.push(chunk.subarray(0, room))
    room -= chunk.length
  })
  response.on('end', () => whole(Buffer.concat(chunks)))
}
