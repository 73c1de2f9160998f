import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { manifestOf } from './manifests'
import { openfaasFiles } from './openfaas'
import type { DeclaredOperation } from '../tree'

interface Stack {
  provider: object
  functions: Record<string, Record<string, unknown> & { environment: Record<string, string> }>
}

const operation = (more: Partial<DeclaredOperation>): DeclaredOperation => ({
  name: 'receive-stock',
  domain: 'stock',
  promise: 'Adds what was delivered.',
  folder: 'functions/stock/receive-stock',
  ...more,
})

const BURY = operation({ name: 'bury-event', domain: 'platform', promise: 'Keeps it.', deadLetters: true })
const BROKERS = ['platform', 'stock'].map(
  (name) => `apiVersion: eventing.knative.dev/v1\nkind: Broker\nmetadata: { name: ${name} }\n`,
)

/** What is derived for OpenFaaS from operations. */
function derived(...operations: DeclaredOperation[]) {
  const manifests = [BURY, ...operations].map((each): [string, string] => [
    `knative/base/${each.domain}/${each.name}.yaml`,
    manifestOf(each, BURY.name),
  ])
  const files = openfaasFiles(new Map([...manifests, ['knative/base/brokers.yaml', BROKERS.join('---\n')]]))
  return {
    stack: parse(files.get('infra/openfaas/stack.yaml')!) as Stack,
    dispatch: JSON.parse(files.get('infra/openfaas/dispatch.json')!) as Record<string, unknown>,
  }
}

describe('the stack file', () => {
  test('describes a function as its manifest does, in the words of OpenFaaS', () => {
    const { stack } = derived(
      operation({
        http: ['POST /v1/stock/{sku}/receipts', 'PUT /v1/stock/{sku}'],
        needs: ['postgres', 'redis', 'secret:access-tokens', 'operation:view-product'],
        scale: { max: 8, concurrency: 40 },
      }),
    )

    expect(stack.provider).toEqual({ name: 'openfaas', gateway: 'http://127.0.0.1:8080' })
    expect(stack.functions['receive-stock']).toMatchObject({
      skip_build: true,
      image: '${KIOSK_REGISTRY:-dev.local}/kiosk/receive-stock:${KIOSK_TAG:-latest}',
      labels: {
        'kiosk.example/domain': 'stock',
        'com.openfaas.scale.min': '1',
        'com.openfaas.scale.max': '8',
        'com.openfaas.scale.type': 'capacity',
        'com.openfaas.scale.target': '40',
        'com.openfaas.scale.zero': 'true',
        'com.openfaas.scale.zero-duration': '1m',
      },
      annotations: {
        'kiosk.example/promise': 'Adds what was delivered.',
        'kiosk.example/routes': 'POST /v1/stock/{sku}/receipts, PUT /v1/stock/{sku}',
      },
      environment: {
        K_SERVICE: 'receive-stock',
        K_SINK: '${KIOSK_DISPATCHER:-http://dispatcher.openfaas:8081}/kiosk/stock',
        VIEW_PRODUCT_URL: '${KIOSK_GATEWAY:-http://gateway.openfaas:8080}/function/view-product',
      },
      secrets: ['kiosk', 'stock-database', 'redis', 'access-tokens'],
      readonly_root_filesystem: true,
      limits: { memory: '256Mi' },
      requests: {
        cpu: expect.stringMatching(/m$/) as string,
        memory: expect.stringMatching(/Mi$/) as string,
      },
    })
  })

  test('has two functions for an operation with two doors, and says which events the second hears', () => {
    const { stack } = derived(
      operation({ http: ['POST /v1/x'], on: ['platform/stock-received.v1', 'stock/stock-released.v1'] }),
    )

    expect(Object.keys(stack.functions)).toEqual(['bury-event', 'receive-stock', 'receive-stock-events'])
    expect(stack.functions['receive-stock-events']).toMatchObject({
      image: stack.functions['receive-stock']!['image'],
      annotations: {
        topic: 'shop.kiosk.platform.stock-received.v1,shop.kiosk.stock.stock-released.v1',
      },
      environment: { KIOSK_DOOR: 'events' },
    })
  })

  test('keeps what must not go at one instance, and says when a timer ticks', () => {
    const { stack } = derived(operation({ every: '* * * * *', scale: { min: 2, window: 90 } }))

    expect(stack.functions['receive-stock']).toMatchObject({
      labels: {
        'com.openfaas.scale.min': '2',
        'com.openfaas.scale.zero': 'false',
        'com.openfaas.scale.zero-duration': '2m',
      },
      annotations: { 'kiosk.example/schedule': '* * * * *' },
    })
  })

  test('leaves nothing of a Knative cluster in any address', () => {
    expect(readFileSync('infra/openfaas/stack.yaml', 'utf8')).not.toMatch(/svc\.cluster\.local|knative/)
  })
})

test('the dispatcher is told who gets which events, how many at once, and when timers tick', () => {
  const { dispatch } = derived(
    operation({ on: ['stock/stock-released.v1'], scale: { max: 2, concurrency: 30 } }),
    operation({ name: 'relay-stock', every: '*/5 * * * *' }),
  )

  expect(dispatch).toEqual({
    namespace: 'kiosk',
    brokers: ['platform', 'stock'],
    triggers: [
      {
        name: 'receive-stock-stock-released-v1',
        broker: 'stock',
        filter: { type: 'shop.kiosk.stock.stock-released.v1' },
        service: 'receive-stock',
        delivery: expect.objectContaining({ retry: 6, deadLetterService: 'bury-event' }) as object,
        inFlight: 60,
      },
    ],
    timers: [{ name: 'relay-stock', schedule: '*/5 * * * *', service: 'relay-stock' }],
  })
})
