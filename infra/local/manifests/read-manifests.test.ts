import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { goSeconds, isoMilliseconds } from './duration'
import { readManifests } from './read-manifests'

const SERVICE = `
apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: place-order
  namespace: kiosk
  labels: { kiosk.example/domain: orders }
  annotations:
    kiosk.example/routes: |
      POST /v1/orders
      GET /v1/orders/{id}
spec:
  template:
    metadata:
      annotations:
        autoscaling.knative.dev/min-scale: "1"
        autoscaling.knative.dev/max-scale: "20"
        autoscaling.knative.dev/target: "40"
        autoscaling.knative.dev/window: 2m
    spec:
      containerConcurrency: 50
      timeoutSeconds: 30
      containers:
        - image: kiosk/place-order
          env:
            - { name: FUNCTION_BUNDLE, value: /app/functions/orders/place-order.cjs }
            - { name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
          envFrom:
            - secretRef: { name: orders-database }
            - configMapRef: { name: kiosk }
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: bury-event
  labels: { kiosk.example/domain: platform, networking.knative.dev/visibility: cluster-local }
spec: { template: { spec: { containers: [{ image: 'images.example:5000/kiosk/bury-event@sha256:abc' }] } } }
`

const BROKER = `
apiVersion: eventing.knative.dev/v1
kind: Broker
metadata: { name: orders }
---
apiVersion: v1
kind: Service
metadata: { name: not-a-function }
---
apiVersion: sources.knative.dev/v1
kind: PingSource
metadata: { name: relay-orders }
spec: { schedule: '* * * * *', sink: { ref: { kind: Service, name: place-order } } }
`

const TRIGGER = `
apiVersion: eventing.knative.dev/v1
kind: Trigger
metadata: { name: place-order-on-x }
spec:
  broker: orders
  filter: { attributes: { type: shop.kiosk.orders.order-placed.v1 } }
  subscriber: { ref: { kind: Service, name: place-order } }
  delivery:
    retry: 5
    backoffPolicy: exponential
    backoffDelay: PT0.5S
    timeout: PT20S
    deadLetterSink: { ref: { kind: Service, name: bury-event } }
`

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-manifests-'))
  mkdirSync(join(folder, 'orders'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

const read = (trigger: string, more: Record<string, string> = {}) =>
  readManifests(
    folderWith({ 'services.yaml': SERVICE, 'broker.yaml': BROKER, 'orders/trigger.yaml': trigger, ...more }),
  )

test('reads what the embedded platform needs and leaves the rest to a cluster', () => {
  const manifests = read(TRIGGER)

  expect(manifests).toEqual({
    namespace: 'kiosk',
    services: [
      {
        name: 'place-order',
        operation: 'place-order',
        domain: 'orders',
        visibility: 'external',
        routes: ['POST /v1/orders', 'GET /v1/orders/{id}'],
        scale: { min: 1, max: 20, target: 40, windowSeconds: 120 },
        containerConcurrency: 50,
        timeoutSeconds: 30,
        env: { FUNCTION_BUNDLE: '/app/functions/orders/place-order.cjs' },
        envFrom: [
          { kind: 'secret', name: 'orders-database' },
          { kind: 'configMap', name: 'kiosk' },
        ],
      },
      {
        name: 'bury-event',
        operation: 'bury-event',
        domain: 'platform',
        visibility: 'cluster-local',
        routes: [],
        scale: { min: 0, max: 0, target: 100, windowSeconds: 60 },
        containerConcurrency: 0,
        timeoutSeconds: 300,
        env: {},
        envFrom: [],
      },
    ],
    brokers: ['orders'],
    triggers: [
      {
        name: 'place-order-on-x',
        broker: 'orders',
        filter: { type: 'shop.kiosk.orders.order-placed.v1' },
        service: 'place-order',
        delivery: {
          retry: 5,
          backoffPolicy: 'exponential',
          backoffDelayMs: 500,
          timeoutMs: 20_000,
          deadLetterService: 'bury-event',
        },
      },
    ],
    timers: [{ name: 'relay-orders', schedule: '* * * * *', service: 'place-order' }],
  })
})

test.each([
  ['    retry: 5\n', '', 'spec.delivery does not state retry'],
  ['    timeout: PT20S\n', '', 'spec.delivery does not state timeout'],
  ['PT20S', '20s', 'spec.delivery.timeout must be a duration such as PT0.5S'],
  ['exponential', 'wild', 'spec.delivery.backoffPolicy must be linear or exponential'],
  [
    'name: place-order }',
    'name: nobody }',
    'spec.subscriber.ref.name names the Service nobody, which is not there',
  ],
  [
    'name: bury-event',
    'name: nobody',
    'spec.delivery.deadLetterSink.ref.name names the Service nobody, which is not there',
  ],
  ['broker: orders', 'broker: nothing', 'spec.broker names the Broker nothing, which is not there'],
])('refuses a Trigger with %j as %j', (said, instead, sentence) => {
  expect(() => read(TRIGGER.replace(said, instead))).toThrow(`orders/trigger.yaml: ${sentence}`)
})

test('refuses a name twice, a schedule that is none, and YAML that is none', () => {
  const timer = BROKER.replace('* * * * *', '61 * * * *').replace('name: relay-orders', 'name: other')

  expect(() => read(TRIGGER, { 'z.yaml': SERVICE })).toThrow(
    'z.yaml: metadata.name is place-order, a name that another has',
  )
  expect(() => read(TRIGGER, { 'broker.yaml': timer })).toThrow(
    'broker.yaml: spec.schedule is not valid: the minute "61"',
  )
  expect(() => read(TRIGGER, { 'z.yaml': 'a: [' })).toThrow(/^z\.yaml: /)
})

test.each([
  ['PT0.5S', 500],
  ['PT2S', 2_000],
  ['PT1M30S', 90_000],
  ['P1DT2H', 93_600_000],
  ['PT', undefined],
  ['P', undefined],
  ['2s', undefined],
])('%s is %p milliseconds', (text, milliseconds) => {
  expect(isoMilliseconds(text)).toBe(milliseconds)
})

test.each([
  ['60s', 60],
  ['2m', 120],
  ['1h30m', 5_400],
  ['500ms', 0.5],
  ['', undefined],
  ['60', undefined],
])('%s is %p seconds', (text, seconds) => {
  expect(goSeconds(text)).toBe(seconds)
})
