import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { http } from '@google-cloud/functions-framework'
import { getTestServer } from '@google-cloud/functions-framework/testing'
import { standInFront, type Traffic } from './front'
import { refuse } from './refusal'
import { OPENFAAS_SECRETS, settingsIn } from './secrets'
import { crash, endPolitely, logFault } from './shutdown'

/**
 * Serves one function's bundle with the functions framework, as its container does in a cluster and its process does on
 * the embedded platform: FUNCTION_BUNDLE is the bundle's path, PORT where to listen, LISTEN_ADDRESS on which address.
 * Secrets that come as files, as on OpenFaaS, are read from the folder KIOSK_SECRETS; a variable that is set wins.
 */
function host(): void {
  // Outside production the framework answers a crash with the error's message (its src/logger.ts).
  process.env['NODE_ENV'] ??= 'production'
  process.on('uncaughtException', (error) => crash('an exception nobody caught', error))
  const { KIOSK_SECRETS = OPENFAAS_SECRETS } = process.env
  for (const [name, value] of Object.entries(settingsIn(KIOSK_SECRETS))) process.env[name] ??= value
  const { FUNCTION_BUNDLE: bundle, PORT = '8080', LISTEN_ADDRESS } = process.env
  if (!bundle) throw new Error('FUNCTION_BUNDLE must be the path of a bundle')

  const endTelemetry = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ? telemetry() : undefined
  const serve = load(bundle)
  http('function', (request, response) => outsideDomain(() => answer(serve, request, response)))
  const server = getTestServer('function')
  const traffic: Traffic = { inFlight: 0, draining: false, idle: () => undefined }
  standInFront(server, traffic)
  endPolitely(server, traffic, async () => {
    await serve.drain?.()
    await endTelemetry?.()
  })

  // Longer than any proxy before it keeps an idle connection, or a request may meet a connection just closed.
  server.keepAliveTimeout = 130_000
  server.on('error', (error) => crash(`could not listen on port ${PORT}`, error))
  server.listen(Number(PORT), LISTEN_ADDRESS)
}

/** The bundle of telemetry.ts beside this one; loaded only where somebody collects spans. */
function telemetry(): () => Promise<void> {
  const bundle = join(dirname(__filename), 'telemetry.cjs')
  const { startTelemetry } = createRequire(bundle)(bundle) as { startTelemetry: () => () => Promise<void> }
  return startTelemetry()
}

interface Bundle {
  (request: IncomingMessage, response: ServerResponse): Promise<void>
  drain?: () => Promise<void>
}

function load(bundle: string): Bundle {
  const { default: serve } = createRequire(bundle)(bundle) as { default?: Bundle }
  if (typeof serve !== 'function') throw new Error(`${bundle} has no function as its default export`)
  return serve
}

async function answer(serve: Bundle, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await serve(request, response)
  } catch (error) {
    logFault('the function rejected', error)
    refuse(request, response, 'fault')
  }
}

/**
 * The framework runs a function in a node:domain, which would swallow an exception thrown after the answer and let a
 * broken process live on. Leaving it first gives such an exception to the process.
 */
function outsideDomain<T>(work: () => T): T {
  const { domain } = process as { domain?: { exit(): void } | null }
  domain?.exit()
  return work()
}

host()
