import { once } from 'node:events'
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** Which broker delivers; they differ in what a refusal does to an event. */
export type BrokerClass =
  /** The embedded platform's. */
  | 'embedded'
  /** Our dispatcher on OpenFaaS. */
  | 'openfaas'
  /** Knative's MTChannelBasedBroker over InMemoryChannel. */
  | 'in-memory'
  /** The same over NatsJetStreamChannel. */
  | 'jetstream-channel'
  /** Knative's NatsJetStreamBroker. */
  | 'jetstream-broker'

/** A platform that the probe runs on, as anyone can reach it from outside. */
export interface Target {
  /** Asks a Service by its name. */
  ask(service: string, path: string, asked?: Asked): Promise<Answer>
}

export interface Asked {
  method?: string
  headers?: Record<string, string | string[]>
  body?: Buffer | string
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** How to ask through a gateway that tells functions apart by host. */
export const askThrough =
  (gateway: string, hostOf: (service: string) => string): Target['ask'] =>
  async (service, path, { method = 'GET', headers = {}, body } = {}) => {
    const { hostname, port } = new URL(gateway)
    const host = { host: hostOf(service) }
    const options = {
      hostname,
      port: port || 80,
      path,
      method,
      headers: { ...host, ...headers },
      agent: false,
    }
    const sent = request(options)
    sent.end(body)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    return { status: answer.statusCode!, headers: answer.headers, body: await buffer(answer) }
  }

/** As `ask`, of what answers JSON with a 200. */
export async function learn<T>(target: Target, service: string, path: string, asked?: Asked): Promise<T> {
  const { status, body } = await target.ask(service, path, asked)
  if (status !== 200) throw new Error(`${service} answered ${status} to ${path}: ${body.toString()}`)
  return JSON.parse(body.toString()) as T
}

/** Waits until something is so, a minute at the most: a cluster may be slow. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (const end = performance.now() + 60_000; ;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
