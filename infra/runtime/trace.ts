import { randomBytes } from 'node:crypto'
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace as otel, type Span } from '@opentelemetry/api'

/** Where we are in a distributed trace, in the words of W3C Trace Context. */
export interface Trace {
  traceId: string
  spanId: string
  /** The header to hand on: to the caller, to another system, into an event. */
  traceparent: string
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/

/**
 * Runs `work` in a span that continues `traceparent`, or begins a new trace where there is none or it is malformed
 * (W3C Trace Context, section 3.2: an invalid header is ignored).
 *
 * Spans are recorded when the host registered the OpenTelemetry SDK; without it the ids are made all the same,
 * so that a trace id stands in every answer, event and log line.
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
      return await work(positionOf(span, parent?.[1]))
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) })
      throw error
    } finally {
      span.end()
    }
  })
}

function positionOf(span: Span, parentTraceId: string | undefined): Trace {
  if (span.isRecording()) {
    const { traceId, spanId } = span.spanContext()
    return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` }
  }
  const traceId = parentTraceId ?? randomBytes(16).toString('hex')
  const spanId = randomBytes(8).toString('hex')
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` }
}
