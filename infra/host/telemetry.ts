import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

/**
 * Records the spans that functions make and sends them by OTLP over HTTP. The exporter reads the standard variables
 * (OTEL_EXPORTER_OTLP_ENDPOINT, _HEADERS, ...; OpenTelemetry specification, "OTLP Exporter Configuration").
 *
 * It is a bundle of its own, loaded only where spans are wanted: a function carries the API alone, and the two meet
 * through the API's global registry. Answers how to send what is still held back.
 */
export function startTelemetry(): () => Promise<void> {
  process.env['OTEL_SERVICE_NAME'] ??= process.env['K_SERVICE'] ?? 'kiosk'
  const provider = new NodeTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(), { scheduledDelayMillis: 1_000 })],
  })
  provider.register()
  return () => provider.shutdown().catch(() => undefined)
}
