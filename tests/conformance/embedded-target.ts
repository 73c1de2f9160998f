import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { bundle, tinyFunctions } from '#support/tiny-functions'
import { startGateway } from '../../infra/gateway/gateway'
import { startBroker } from '../../infra/local/broker/broker'
import { testNatsUrl } from '../../infra/local/broker/test-broker'
import type { Observation } from '../../infra/local/broker/observation'
import { environmentOf } from '../../infra/local/environment'
import { manifestsFrom } from '../../infra/local/manifests/read-manifests'
import { freePort } from '../../infra/local/scaler/free-port'
import { startScaler, type Scaler } from '../../infra/local/scaler/scaler'
import { startDispatch } from '../../infra/openfaas/dispatch'
import { GIVEN, manifestsOf } from './probe/manifests'
import { askThrough, type Target } from './target'

const IN_FLIGHT = 20

/** What the embedded platform's broker, or its like, said of events. */
export type Observations = Observation[]

/**
 * The probe on the embedded platform: its scaler, its gateway, real NATS, and between them the platform's own broker or
 * the dispatcher for OpenFaaS. Lasts as long as the file's tests.
 */
export function embeddedTarget(broker: 'embedded' | 'openfaas'): {
  target: () => Target
  observations: Observations
} {
  const functions = tinyFunctions()
  const observations: Observations = []
  const ends: (() => Promise<void>)[] = []
  let target: Target

  beforeAll(async () => {
    const manifests = manifestsFrom([['probe', manifestsOf({ namespace: `conformance-${broker}` })]])
    const probe = bundle('tests/conformance/probe/probe.ts', join(functions.folder, 'probe.cjs'))
    const port = await freePort()
    const addresses = { broker: `http://127.0.0.1:${port}`, functions: '' }
    const configuration = {
      secrets: { 'conformance-secret': GIVEN.secret },
      configMaps: { 'conformance-config': GIVEN.configMap },
    }
    const scaler = startScaler({
      services: manifests.services,
      hostBundle: functions.hostBundle,
      bundleOf: () => probe,
      environmentOf: (service) => environmentOf(service, configuration, addresses),
      logFolder: join(functions.folder, 'logs'),
      compileCache: join(functions.folder, 'compiled'),
      on: () => undefined,
    })
    ends.push(() => scaler.stop(2_000))
    const common = { ...manifests, natsUrl: testNatsUrl(), port, host: '127.0.0.1' }
    if (broker === 'embedded') {
      const started = await startBroker({
        ...common,
        inFlight: () => IN_FLIGHT,
        deliver: (service, request) => scaler.deliver(service, request),
        on: (observation) => observations.push(observation),
        stopLimitMs: 2_000,
      })
      ends.push(() => started.stop())
    } else {
      const openfaas = await gatewayOfOpenFaas(scaler)
      ends.push(openfaas.stop)
      const triggers = manifests.triggers.map((trigger) => ({ ...trigger, inFlight: IN_FLIGHT }))
      const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
      const started = await startDispatch({
        ...common,
        dispatch: { ...manifests, triggers },
        gatewayUrl: openfaas.url,
        log,
      })
      ends.push(() => started.stop())
    }
    const gateway = await startGateway({ services: manifests.services, scaler, port: 0, host: '127.0.0.1' })
    ends.push(() => gateway.stop(1_000))
    target = { ask: askThrough(`http://127.0.0.1:${gateway.port}`, (service) => `${service}.localhost`) }
  }, 180_000)
  afterAll(async () => {
    for (const end of ends.reverse()) await end()
  }, 180_000)

  return { target: () => target, observations }
}

/** `/function/<name>`, as far as the dispatcher needs it. */
async function gatewayOfOpenFaas(scaler: Scaler): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const [, name = '', path = '/'] = /^\/function\/([\w-]+)(\/.*)?$/.exec(request.url ?? '') ?? []
    request.url = path
    void scaler.handle(name, request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
