import { CloudEvent, HTTP, type CloudEventV1 } from 'cloudevents'
import type { IncomingHttpHeaders } from 'node:http'
import { announcing } from './announce'
import type { Occurrence } from './database'
import type { DataOf, EventDefinition } from './event'
import { Opened, type Deployable, type Deps, type HttpFunction, type Ports } from './function'
import { logWith } from './log'
import { parse } from './parse'
import { requestProblem } from './problem'
import { readBody } from './request'
import { refuse, respond } from './respond'
import { traced } from './trace'

/** The event being handled. Its (source, id) is what `db.once` remembers. */
interface HandledEvent extends Occurrence {
  type: string
  subject: string
  /** When the fact happened, ISO 8601. */
  time: string
  correlationId: string
}

/** What the handler of an event-driven function is given. */
export interface EventDeps extends Deps {
  event: HandledEvent
}

type Handle<D, P> = (data: D, deps: EventDeps & P) => Promise<unknown>

/**
 * Makes a deployable of a handler that an event wakes: CloudEvent in, data parsed, handler, 204 out.
 *
 * It answers 204 or 5xx and nothing else: a JetStream broker drops an event for good at any 4xx (eventing-natss,
 * pkg/broker/filter/handler.go). An event that cannot be read is a producer's bug: 500, tried again, and then kept as a
 * dead letter. The answer has no body, since a broker takes a body for a reply event.
 */
export const on =
  <E extends EventDefinition, P extends object = object>(
    definitions: E | readonly E[],
    handle: Handle<DataOf<E>, P>,
    ports: Ports<P> = {} as Ports<P>,
  ): Deployable =>
  (operation, parts, env) => {
    const known = new Map([definitions].flat().map((definition) => [(definition as E).type, definition as E]))
    const opened = new Opened(operation, parts, ports, env)
    return eventFunction(opened, async (event, deps) => {
      const definition = known.get(event.type)
      if (!definition) throw new Error(`${operation.name} does not know events of type ${event.type}`)
      const data = parse(definition.Data, event.data, 'tolerant') as DataOf<E>
      await handle(data, Object.assign(deps, opened.ports))
    })
  }

/**
 * What a timer's function says of its work: `idle` when there will be nothing to do before another function of its
 * domain has run. A platform may then leave out ticks, so that a shop at rest rests; a PingSource ticks all the same.
 */
export type TickOutcome = 'idle' | 'more'

/** What wakes a timer's function (Knative PingSource): it carries nothing, so the handler gets the deps alone. */
export const every =
  <P extends object = object>(
    handle: (deps: EventDeps & P) => Promise<TickOutcome>,
    ports: Ports<P> = {} as Ports<P>,
  ): Deployable =>
  (operation, parts, env) => {
    const opened = new Opened(operation, parts, ports, env)
    return eventFunction(opened, async (_event, deps) => handle(Object.assign(deps, opened.ports)))
  }

/** What takes any event at all, as it came: the dead-letter sink. */
export const onAny =
  <P extends object = object>(
    handle: (event: CloudEvent, deps: EventDeps & P) => Promise<unknown>,
    ports: Ports<P> = {} as Ports<P>,
  ): Deployable =>
  (operation, parts, env) => {
    const opened = new Opened(operation, parts, ports, env)
    return eventFunction(
      opened,
      async (event, deps) => handle(event, Object.assign(deps, opened.ports)),
      decodeUnread,
    )
  }

function eventFunction<P>(
  opened: Opened<P>,
  handle: (event: CloudEvent, deps: EventDeps) => Promise<unknown>,
  read = decode,
): HttpFunction {
  const { operation } = opened
  const serve: HttpFunction = async (message, response) => {
    const { traceparent } = message.headers
    const parent = Array.isArray(traceparent) ? traceparent[0] : traceparent
    const attributes = { 'kiosk.promise': operation.promise }
    await traced(operation.name, parent, attributes, 'consumer', async (trace) => {
      const log = logWith({ operation: operation.name, trace: trace.traceId })
      try {
        if (message.method !== 'POST') throw requestProblem('method-not-allowed', {}, { Allow: 'POST' })
        const event = read(message.headers, message.rawBody ?? (await readBody(message)))
        const correlationId = text(event['correlationid']) ?? trace.traceId
        const scope = announcing(
          operation,
          opened,
          trace,
          { correlationId, causationId: event.id },
          (events) => opened.send(events, log),
        )
        const { source, id, type, subject = '', time = '' } = event
        const handled = { source, id, type, subject, time, correlationId }
        const outcome = await handle(event, Object.assign(opened.deps(trace, scope), { event: handled }))
        respond(
          response,
          { status: 204, headers: outcome === 'idle' ? { 'Kiosk-Timer': 'idle' } : {} },
          trace,
        )
      } catch (error) {
        refuse(response, faultOf(error), trace, log)
      }
    })
  }
  serve.drain = () => opened.drain()
  return serve
}

/** Reads an event in binary or structured mode; `HTTP.toEvent` alone lets missing attributes pass (sdk-javascript #597). */
function decode(headers: IncomingHttpHeaders, body: Buffer): CloudEvent {
  const readable = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      name.startsWith('ce-') ? decoded(String(value)) : value,
    ]),
  )
  const event = HTTP.toEvent({ headers: readable, body: body.toString('utf8') })
  if (Array.isArray(event)) throw new Error('a batch of events was sent to a function that takes one')
  for (const name of ['id', 'source', 'type', 'specversion'] as const) {
    if (!event[name]) throw new Error(`the event has no ${name}`)
  }
  return event as CloudEvent
}

/** An event in binary mode with its data as it came, byte for byte: a dead letter's data may be what nobody could read. */
function decodeUnread(headers: IncomingHttpHeaders, body: Buffer): CloudEvent {
  if (headers['ce-specversion'] === undefined) return decode(headers, body)
  const { 'content-type': datacontenttype, ...rest } = headers
  const event = decode({ ...rest, 'content-type': 'application/octet-stream' }, Buffer.alloc(0))
  const data = body.length > 0 ? { data_base64: body.toString('base64') } : {}
  const unread = { ...event, datacontenttype, data: undefined, ...data }
  return new CloudEvent(unread as Partial<CloudEventV1<undefined>>, false)
}

/** CloudEvents HTTP binding, section 3.1.3.2: header values are percent-encoded. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

/** A refusal thrown by an event's handler is no answer for a broker: it becomes a fault, tried again, then a dead letter. */
const faultOf = (error: unknown): unknown =>
  error instanceof Error && 'status' in error && (error.status as number) < 500 && error.status !== 405
    ? new Error(`an event could not be handled: ${error.message}`, { cause: error })
    : error
