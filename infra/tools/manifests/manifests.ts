import { stringify } from 'yaml'
import { typeOf } from '#runtime/event'
import type { DeclaredOperation } from '../tree'

const NAMESPACE = 'kiosk'
const BROKER_INGRESS = 'http://broker-ingress.knative-eventing.svc.cluster.local'
const SERVICES = `https://kubernetes.default.svc/apis/serving.knative.dev/v1/namespaces/${NAMESPACE}/services`
const DEFAULTS = {
  max: 5,
  concurrency: 20,
  window: 60,
  timerWindow: 6,
  retries: 6,
  delay: 'PT0.5S',
  timeout: 'PT30S',
}
const REQUEST_TIMEOUT_SECONDS = 60

/** The manifests of one operation: its Service, a Trigger for each event that wakes it, its timer. */
export function manifestOf(operation: DeclaredOperation, deadLetterSink: string): string {
  const { on = [], every, folder } = operation
  const hasTwoDoors = isOpen(operation) && on.length > 0
  const documents = [
    serviceOf(operation),
    ...(hasTwoDoors ? [eventDoorOf(operation, listenerOf(operation))] : []),
    ...on.map((event) => triggerOf(operation, event, deadLetterSink)),
    ...(every ? [timerOf(operation, every)] : []),
  ]
  return derived(`${folder}/function.json`, documents)
}

/** Whether the world outside the cluster may ask it. */
const isOpen = ({ http, internal }: Pick<DeclaredOperation, 'http' | 'internal'>) =>
  http !== undefined && internal === undefined

/** One Broker for each domain that has events, with the delivery its Triggers state too. */
export const brokersOf = (domains: readonly string[], deadLetterSink: string): string =>
  derived(
    'the folders of events/',
    domains.map((name) => ({
      apiVersion: 'eventing.knative.dev/v1',
      kind: 'Broker',
      metadata: { name, namespace: NAMESPACE },
      spec: { delivery: delivery({}, deadLetterSink) },
    })),
  )

export const kustomizationOf = (resources: readonly string[]): string =>
  derived('the folders of functions/', [
    { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [...resources] },
  ])

const derived = (from: string, documents: object[]) =>
  `# Derived from ${from} by \`npm run generate\`; change that, not this.\n` +
  documents.map((document) => stringify(document, { lineWidth: 110, version: '1.1' })).join('---\n')

function serviceOf(operation: DeclaredOperation, name = operation.name): object {
  const { domain, promise, http, scale = {} } = operation
  const open = isOpen(operation)
  const onlyTimer = !http && !operation.on && operation.every !== undefined
  const { min = 0, max = onlyTimer ? 1 : DEFAULTS.max, concurrency = DEFAULTS.concurrency } = scale
  const { window = onlyTimer ? DEFAULTS.timerWindow : DEFAULTS.window } = scale
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: NAMESPACE,
      labels: {
        'app.kubernetes.io/part-of': 'kiosk',
        'kiosk.example/domain': domain,
        ...(!open && { 'networking.knative.dev/visibility': 'cluster-local' }),
      },
      annotations: {
        'kiosk.example/promise': promise,
        ...(open && { 'kiosk.example/routes': http!.join('\n') }),
      },
    },
    spec: {
      template: {
        metadata: {
          annotations: {
            'autoscaling.knative.dev/min-scale': String(min),
            'autoscaling.knative.dev/max-scale': String(max),
            'autoscaling.knative.dev/target': String(concurrency),
            'autoscaling.knative.dev/window': `${window}s`,
          },
        },
        spec: {
          containerConcurrency: concurrency,
          timeoutSeconds: REQUEST_TIMEOUT_SECONDS,
          ...accountOf(operation),
          containers: [containerOf(operation, name === operation.name ? undefined : 'events')],
        },
      },
    },
  }
}

/** Who reads how the functions are does it by an account of its own (`service-reader.yaml`); the others have none. */
const accountOf = ({ needs = [] }: DeclaredOperation): object =>
  needs.includes('services')
    ? { serviceAccountName: 'service-reader' }
    : { automountServiceAccountToken: false }

/** A second Service from the same bundle, cluster-local, so that nobody outside can pass for a broker. */
const eventDoorOf = ({ http: _, ...operation }: DeclaredOperation, listener: string): object =>
  serviceOf(operation, listener)

/** The Service that hears the events of an operation. */
export const listenerOf = (operation: Pick<DeclaredOperation, 'name' | 'http' | 'internal'>): string =>
  isOpen(operation) ? `${operation.name}-events` : operation.name

/** The Trigger by which an operation hears an event. */
export const triggerName = ({ name }: Pick<DeclaredOperation, 'name'>, event: string): string =>
  `${name}-${event.split('/')[1]!.replaceAll('.', '-')}`

function containerOf({ name, domain, needs = [] }: DeclaredOperation, door: 'events' | undefined): object {
  const secrets = needs.flatMap((need) => {
    if (need === 'postgres') return [`${domain}-database`]
    if (need === 'redis') return ['redis']
    return need.startsWith('secret:') ? [need.slice(7)] : []
  })
  const peers = needs.filter((need) => need.startsWith('operation:')).map((need) => need.slice(10))
  return {
    image: `kiosk/${name}`,
    ports: [{ name: 'http1', containerPort: 8080 }],
    env: [
      { name: 'K_SINK', value: `${BROKER_INGRESS}/${NAMESPACE}/${domain}` },
      ...(door ? [{ name: 'KIOSK_DOOR', value: door }] : []),
      ...peers.map(addressOf),
      ...(needs.includes('services') ? [{ name: 'SERVICES_URL', value: SERVICES }] : []),
    ],
    envFrom: [
      { configMapRef: { name: 'kiosk' } },
      ...secrets.map((secret) => ({ secretRef: { name: secret } })),
    ],
    readinessProbe: { httpGet: { path: '/health/readiness' } },
    livenessProbe: { httpGet: { path: '/health/liveness' } },
    resources: { requests: { cpu: '25m', memory: '64Mi' }, limits: { memory: '256Mi' } },
    securityContext: {
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  }
}

/** Of one peer, or with a gap for the name of any. */
const addressOf = (peer: string) =>
  peer === '*'
    ? { name: 'OPERATION_URL', value: `http://{operation}.${NAMESPACE}.svc.cluster.local` }
    : {
        name: `${peer.replaceAll('-', '_').toUpperCase()}_URL`,
        value: `http://${peer}.${NAMESPACE}.svc.cluster.local`,
      }

function triggerOf(operation: DeclaredOperation, event: string, deadLetterSink: string): object {
  return {
    apiVersion: 'eventing.knative.dev/v1',
    kind: 'Trigger',
    metadata: { name: triggerName(operation, event), namespace: NAMESPACE },
    spec: {
      broker: event.split('/')[0]!,
      filter: { attributes: { type: typeOf(event) } },
      subscriber: { ref: serviceRef(listenerOf(operation)) },
      delivery: delivery(operation.retry ?? {}, deadLetterSink),
    },
  }
}

/** All of it, always: without retry and back-off a JetStream broker gives up at the first failure. */
function delivery(
  { times, delay, timeout }: NonNullable<DeclaredOperation['retry']>,
  deadLetterSink: string,
) {
  return {
    retry: times ?? DEFAULTS.retries,
    backoffPolicy: 'exponential',
    backoffDelay: delay ?? DEFAULTS.delay,
    timeout: timeout ?? DEFAULTS.timeout,
    deadLetterSink: { ref: serviceRef(deadLetterSink) },
  }
}

const timerOf = ({ name }: DeclaredOperation, schedule: string): object => ({
  apiVersion: 'sources.knative.dev/v1',
  kind: 'PingSource',
  metadata: { name, namespace: NAMESPACE },
  spec: { schedule, contentType: 'application/json', data: '{}', sink: { ref: serviceRef(name) } },
})

const serviceRef = (name: string) => ({ apiVersion: 'serving.knative.dev/v1', kind: 'Service', name })
