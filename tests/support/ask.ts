import { once } from 'node:events'
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
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

/** Waits until something holds, 10 s at most. */
export async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !holds(); await pause(20)) {
    if (Date.now() > end) throw new Error(`did not come true: ${holds.toString()}`)
  }
}
