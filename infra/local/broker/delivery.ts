import type { Trigger } from '../manifests/manifests'
import { type CloudEvent, InvalidEvent } from './cloud-event'
import type { Failure } from './dead-letter'
import { binaryHeaders, eventFromHttp, type HttpHeaders, saysEvent } from './http-binding'
import { retryAfterMs, verdictOf } from './outcome'
import { noEventWarning } from './warnings'

/** A POST to a function. `timeoutMs` is the Trigger's; time spent waiting for an instance may come on top. */
export interface DeliveryRequest {
  headers: Record<string, string>
  body: Buffer
  timeoutMs: number
}

/** What a function answered, or something in front of it in its place. */
export interface DeliveryAnswer {
  status: number
  headers: HttpHeaders
  body: Buffer
}

/**
 * Brings a request to a function by the name of its Service. Follows no redirect; rejects on a connection error or a
 * timeout, and always settles.
 */
export type Deliver = (service: string, request: DeliveryRequest) => Promise<DeliveryAnswer>

/** How one try went. `again` carries what a retry and a dead letter need to know. */
export type Tried =
  | { verdict: 'taken'; status: number; reply?: CloudEvent }
  | { verdict: 'refused'; status: number }
  | (Failure & { verdict: 'again'; retryAfterMs: number; warning?: string })

/** The event in binary mode, its trace context also as the headers that it has in W3C Trace Context. */
export function deliveryRequest(event: CloudEvent, timeoutMs: number): DeliveryRequest {
  const headers = binaryHeaders(event)
  for (const name of ['traceparent', 'tracestate']) {
    const value = headers[`ce-${name}`]
    if (value !== undefined) headers[name] = event.attributes.get(name) ?? value
  }
  return { headers, body: event.data, timeoutMs }
}

/** Asks a Trigger's function to take an event, once. Never rejects: what goes wrong is a verdict. */
export async function tryFunction(deliver: Deliver, trigger: Trigger, event: CloudEvent): Promise<Tried> {
  const request = deliveryRequest(event, trigger.delivery.timeoutMs)
  // Knative's data plane, "derived (reply) events": a sender that takes replies says so.
  request.headers['prefer'] = 'reply'
  const answer = await answerOf(deliver, trigger.service, request)
  const { status, body } = answer
  const verdict = verdictOf(status)
  if (verdict === 'taken') return taken(answer, trigger)
  if (verdict === 'refused') return { verdict, status }
  return { verdict, status, body, retryAfterMs: retryAfterMs(answer.headers['retry-after'], Date.now()) }
}

/** A function's answer, its header names in lower case; a connection error or a timeout is a 500, as in Knative. */
export async function answerOf(
  deliver: Deliver,
  service: string,
  request: DeliveryRequest,
): Promise<DeliveryAnswer> {
  try {
    const { status, headers, body } = await deliver(service, request)
    const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
    return { status, headers: Object.fromEntries(lowerCase) as HttpHeaders, body }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { status: 500, headers: {}, body: Buffer.from(`dispatch error: ${reason}`) }
  }
}

/**
 * A success has no body, or is an event. Anything else is a failed delivery, as in the MT broker, which answers 502
 * in the function's place and delivers again. A 202 never is a reply (Knative's data plane).
 */
function taken({ status, headers, body }: DeliveryAnswer, trigger: Trigger): Tried {
  const again = (reason: string): Tried => {
    const said = Buffer.from(`malformed reply: ${reason}`)
    return {
      verdict: 'again',
      status: 502,
      body: said,
      retryAfterMs: 0,
      warning: noEventWarning(trigger, status, reason),
    }
  }
  try {
    if (!saysEvent(headers)) {
      return body.length === 0 ? { verdict: 'taken', status } : again('a body that is no CloudEvent.')
    }
    const reply = eventFromHttp(headers, body)
    return { verdict: 'taken', status, ...(status === 202 ? {} : { reply }) }
  } catch (error) {
    if (error instanceof InvalidEvent) return again(error.message)
    throw error
  }
}
