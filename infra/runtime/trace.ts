import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import {
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace as otel,
  TraceFlags,
  type Span,
  type SpanContext,
} from '@opentelemetry/api'

/** Where we are in a distributed trace, in the words of W3C Trace Context. */
export interface Trace {
  traceId: string
  spanId: string
  /** The header to hand on: to the caller, to another system, into an event. */
  traceparent: string
}

const running = new AsyncLocalStorage<Trace>()

/**
 * The trace of the request or event that is being worked on; none outside of one. Handlers are given theirs: this is for a
 * port that calls another function of ours, so that no call can be made without it.
 */
export const currentTrace = (): Trace | undefined => running.getStore()

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/

/**
 * Runs `work` in a span that continues `traceparent`, or begins a new trace where there is none or it is malformed
 * (W3C Trace Context, section 3.2: an invalid header is ignored).
 *
 * Spans are recorded when the host registered the OpenTelemetry SDK and the trace is sampled; without it the ids are made
 * all the same, so that a trace id stands in every answer, event and log line. A parent that is not sampled stays so.
 */
export async function traced<T>(
  name: string,
  traceparent: string | undefined,
  attributes: Record<string, string>,
  kind: 'server' | 'consumer',
  work: (trace: Trace) => Promise<T>,
): Promise<T> {
  const parent = TRACEPARENT.exec(traceparent ?? '')
  const context = parent
    ? otel.setSpanContext(ROOT_CONTEXT, {
        traceId: parent[1]!,
        spanId: parent[2]!,
        traceFlags: Number.parseInt(parent[3]!, 16),
        isRemote: true,
      })
    : ROOT_CONTEXT
  const options = { kind: kind === 'server' ? SpanKind.SERVER : SpanKind.CONSUMER, attributes }
  return otel.getTracer('kiosk').startActiveSpan(name, options, context, async (span) => {
    try {
      const trace = positionOf(span, otel.getSpanContext(context))
      return await running.run(trace, () => work(trace))
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) })
      throw error
    } finally {
      span.end()
    }
  })
}

/** Where the span stands. Without the SDK it is the parent itself, or nowhere: then we make a place of our own. */
function positionOf(span: Span, parent: SpanContext | undefined): Trace {
  const made = span.spanContext()
  if (isSpanContextValid(made) && made.spanId !== parent?.spanId) return traceOf(made)
  const { traceId = randomBytes(16).toString('hex'), traceFlags = TraceFlags.SAMPLED } = parent ?? {}
  return traceOf({ traceId, spanId: randomBytes(8).toString('hex'), traceFlags })
}

function traceOf({ traceId, spanId, traceFlags }: SpanContext): Trace {
  const flags = traceFlags & TraceFlags.SAMPLED ? '01' : '00'
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` }
}
