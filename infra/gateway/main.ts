import { Agent, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { refuse } from '../host/refusal'
import { Deadline } from '../forward/deadline'
import { relay, send } from '../forward/forward'
import { Intake } from '../forward/intake'
import { requestHeaders } from '../forward/headers'
import { NotSent, Refused } from '../forward/refused'
import { startGateway } from './gateway'
import routes from './routes.json'

const REQUEST_TIMEOUT_MS = 60_000
const NAMESPACE = process.env['NAMESPACE'] ?? 'kiosk'

const agent = new Agent({ keepAlive: true, scheduling: 'lifo' })
const intake = new Intake()

/**
 * The part of the gateway that the ingress of a cluster cannot do: it tells apart routes that begin alike
 * (`/v1/orders/{id}/payment` and `/v1/orders/{id}/return`), and answers what is no route in problem+json.
 */
async function main(): Promise<void> {
  const services = Object.entries(routes).map(([name, own]) => ({
    name,
    routes: own,
    visibility: 'external' as const,
  }))
  const gateway = await startGateway({
    services,
    scaler: { handle: forward },
    port: Number(process.env['PORT'] ?? 8080),
  })
  process.once('SIGTERM', () => void gateway.stop().then(() => process.exit(0)))
}

/** Takes a request to a function's cluster-local address, where it is started if there is none. */
async function forward(service: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await intake.take(request, response)
  if (!body) return
  const deadline = new Deadline(REQUEST_TIMEOUT_MS)
  response.once('close', () => {
    if (!response.writableFinished) deadline.cut(new Refused('broken-answer'))
  })
  try {
    const { method = 'GET', url: path = '/' } = request
    const host = `${service}.${NAMESPACE}.svc.cluster.local`
    const headers = withHost(requestHeaders(request, service), host)
    const write = (upstream: ClientRequest) => void upstream.end(body)
    const answer = await send({ agent, host, port: 80 }, { method, path, headers, write }, deadline.signal)
    await relay(answer, response)
  } catch (error) {
    const { kind, headers } = refusalFor(error)
    refuse(request, response, kind, headers)
  } finally {
    deadline.clear()
    request.resume()
  }
}

function refusalFor(error: unknown): Refused {
  if (error instanceof Refused) return error
  return error instanceof NotSent ? new Refused('unavailable', { 'Retry-After': '1' }) : new Refused('fault')
}

/** The ingress finds a function by this name alone; the one that was asked for stands in `Forwarded`. */
function withHost(headers: string[], host: string): string[] {
  const at = headers.findIndex((word, index) => index % 2 === 0 && word.toLowerCase() === 'host')
  return headers.with(at + 1, host)
}

void main()
