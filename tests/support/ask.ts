import { once } from 'node:events'
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Asked {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** One request over a connection of its own, as it is written (fetch would mend it); rejects when none is made. */
export async function ask(port: number, path: string, { body, ...options }: Asked = {}): Promise<Answer> {
  const sent = request({ host: '127.0.0.1', port, path, agent: false, ...options })
  sent.end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  // A caller that is refused half-way through its body may be cut off afterwards.
  sent.on('error', () => undefined)
  return { status: answer.statusCode!, headers: answer.headers, body: await text(answer) }
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Whatever is said to raw bytes, until the answer is whole, the connection is closed, or nothing was said for very long; more may seem to follow. */
export async function say(port: number, bytes: string | Buffer, { isOver = true } = {}): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.setTimeout(SILENCE_MS, () => socket.destroy())
  let said = ''
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString('latin1')
    if (isWhole(said)) socket.destroy()
  })
  if (isOver) socket.end(bytes)
  else socket.write(bytes)
  await once(socket, 'close')
  return said
}

const SILENCE_MS = 10_000

function isWhole(answer: string): boolean {
  const [head = '', body] = answer.split(/\r\n\r\n(.*)/s)
  const length = /^content-length: *(\d+)/im.exec(head)?.[1]
  return body !== undefined && length !== undefined && body.length >= Number(length)
}

/** Waits until something holds, 20 s at most. */
export async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds(); await pause(20)) {
    if (Date.now() > end) throw new Error(`did not come true: ${holds.toString()}`)
  }
}
