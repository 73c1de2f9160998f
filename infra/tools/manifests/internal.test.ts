import { parseAllDocuments } from 'yaml'
import { environmentOf } from '../../local/environment'
import { manifestsFrom } from '../../local/manifests/read-manifests'
import { gatewayRoutesOf } from './gateway-api'
import { ingressOf, routesOf } from './kourier'
import { brokersOf, manifestOf } from './manifests'
import { openfaasFiles } from './openfaas'
import { published, type DeclaredOperation } from '../tree'
import { wiringOf } from './wiring'

interface Service {
  kind: string
  metadata: { name: string; labels: Record<string, string>; annotations: Record<string, string> }
}

const operation = (name: string, over: Partial<DeclaredOperation> = {}): DeclaredOperation => ({
  ...{ name, domain: 'orders', promise: 'Does it.', folder: `functions/orders/${name}` },
  ...over,
})
const shown = operation('view-order', { http: ['GET /v1/orders/{id}'], on: ['orders/order-placed.v1'] })
const inner = operation('relay-orders', {
  internal: true,
  http: ['GET /v1/outbox'],
  on: ['platform/replay-requested.v1'],
  every: '* * * * *',
  needs: ['operation:*', 'operation:view-order'],
})
const sink = operation('bury-event', { domain: 'platform', deadLetters: true })

describe('an operation that is internal', () => {
  const manifest = manifestOf(inner, 'bury-event')
  const documents = parseAllDocuments(manifest).map((document) => document.toJS() as Service)

  test('is one Service without a route, which the world cannot reach', () => {
    const services = documents.filter(({ kind }) => kind === 'Service')

    expect(
      services.map(({ metadata: { name, labels, annotations } }) => [name, labels, annotations]),
    ).toEqual([
      [
        'relay-orders',
        expect.objectContaining({ 'networking.knative.dev/visibility': 'cluster-local' }),
        { 'kiosk.example/promise': 'Does it.' },
      ],
    ])
  })

  test('hears its events and its timer at the same address', () => {
    const sinks = JSON.stringify(documents.filter(({ kind }) => kind !== 'Service'))

    expect(sinks.match(/"name":"relay-orders"/g)!.length).toBeGreaterThanOrEqual(2)
    expect(manifest).not.toContain('relay-orders-events')
  })

  test('is in no table of routes', () => {
    const open = published([shown, inner])

    expect(routesOf(open)).toEqual({ 'view-order': ['GET /v1/orders/{id}'] })
    for (const routes of [ingressOf(open), gatewayRoutesOf(open)]) {
      expect(routes).toContain('view-order')
      expect(routes).not.toContain('outbox')
      expect(routes).not.toContain('relay-orders')
    }
  })

  test('knows the addresses of one operation and of any, on every platform', () => {
    const files = new Map(
      [shown, inner, sink].map((one) => [`knative/base/x/${one.name}.yaml`, manifestOf(one, 'bury-event')]),
    )
    files.set('knative/base/brokers.yaml', brokersOf(['orders', 'platform'], 'bury-event'))
    const { services } = manifestsFrom([...files])
    const service = services.find(({ name }) => name === 'relay-orders')!

    expect(service.routes).toEqual([])
    expect(service.env).toMatchObject({
      OPERATION_URL: 'http://{operation}.kiosk.svc.cluster.local',
      VIEW_ORDER_URL: 'http://view-order.kiosk.svc.cluster.local',
    })
    const local = { broker: 'http://b', functions: 'http://127.0.0.1:8082/function' }
    const configuration = { secrets: {}, configMaps: { kiosk: {} } }
    expect(environmentOf(service, configuration, local)).toMatchObject({
      OPERATION_URL: 'http://127.0.0.1:8082/function/{operation}',
      VIEW_ORDER_URL: 'http://127.0.0.1:8082/function/view-order',
    })
    expect(openfaasFiles(files).get('infra/openfaas/stack.yaml')).toContain('/function/{operation}')
  })

  test('stands in the wiring with the Service that hears its events', () => {
    expect(wiringOf([shown, inner])).toEqual({
      relays: { orders: 'relay-orders' },
      listeners: [
        {
          ...{ operation: 'view-order', service: 'view-order-events' },
          ...{ trigger: 'view-order-order-placed-v1', type: 'shop.kiosk.orders.order-placed.v1' },
        },
        {
          ...{ operation: 'relay-orders', service: 'relay-orders' },
          ...{ trigger: 'relay-orders-replay-requested-v1', type: 'shop.kiosk.platform.replay-requested.v1' },
        },
      ],
    })
  })
})
