import { stringify } from 'yaml'

export const NAMESPACE = 'kiosk-conformance'

/** What the probe is given, and therefore has to find. */
export const GIVEN = {
  manifest: { FROM_MANIFEST: 'a "quoted" value = ünïcode €' },
  secret: { FROM_SECRET: 'a secret' },
  configMap: { FROM_CONFIG_MAP: 'a setting' },
}

/** The probe itself, the sink of the Triggers, and the sink of their dead letters: one bundle, three Services. */
export const PROBE = 'conformance-probe'
export const SINK = 'conformance-sink'
export const BURIAL = 'conformance-burial'

export const CONCURRENCY = 4
export const TIMEOUT_SECONDS = 4
export const MEMORY_MIB = 256
export const RETRIES = 2

export const EVENT = 'conformance.event'
export const REPLY = 'conformance.reply'

const BROKER = 'conformance'
const INGRESS = 'http://broker-ingress.knative-eventing.svc.cluster.local'

/** Where a cluster's manifests differ from those that the embedded platform reads. */
export interface ManifestOptions {
  /** Several on one NATS keep to themselves by it. */
  namespace?: string
  /** Any image of the shop: the probe's bundle is mounted over its function. */
  image?: string
  /** Annotations of the Broker, such as its class. */
  broker?: Record<string, string>
  /** Of the Broker, up to the namespace. */
  ingress?: string
}

/** The manifests of the probe, one text for every platform. */
export function manifestsOf(options: ManifestOptions): string {
  const { namespace = NAMESPACE, image = 'kiosk/conformance', broker = {}, ingress = INGRESS } = options
  const service = serviceOf(image, `${ingress}/${namespace}/${BROKER}`)
  const documents = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'conformance-config' }, data: GIVEN.configMap },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'conformance-secret' }, stringData: GIVEN.secret },
    service(PROBE, { min: 0, concurrency: CONCURRENCY }),
    // They remember what was delivered: there is always one of each, and never two.
    service(SINK, { min: 1, concurrency: 0 }),
    service(BURIAL, { min: 1, concurrency: 0 }),
    {
      apiVersion: 'eventing.knative.dev/v1',
      kind: 'Broker',
      metadata: { name: BROKER, annotations: broker },
      spec: { delivery: DELIVERY },
    },
    triggerOf('conformance-deliveries', { type: EVENT }, SINK),
    triggerOf('conformance-copies', { type: EVENT, copied: 'yes' }, BURIAL),
    triggerOf('conformance-replies', { type: REPLY }, SINK),
  ]
  return documents
    .map(({ metadata, ...document }) =>
      stringify({ ...document, metadata: { ...metadata, namespace } }, AS_KUBERNETES),
    )
    .join('---\n')
}

const to = (name: string) => ({ ref: { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name } })

/** Kubernetes reads YAML 1.1, in which a bare yes is a boolean. */
const AS_KUBERNETES = { version: '1.1' } as const

const DELIVERY = {
  retry: RETRIES,
  backoffPolicy: 'linear',
  backoffDelay: 'PT0.2S',
  timeout: 'PT4S',
  deadLetterSink: to(BURIAL),
}

const triggerOf = (name: string, attributes: Record<string, string>, service: string) => ({
  apiVersion: 'eventing.knative.dev/v1',
  kind: 'Trigger',
  metadata: { name },
  spec: { broker: BROKER, filter: { attributes }, subscriber: to(service), delivery: DELIVERY },
})

const serviceOf =
  (image: string, sink: string) =>
  (name: string, { min, concurrency }: { min: number; concurrency: number }) => ({
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name, labels: { 'kiosk.example/domain': 'conformance' } },
    spec: {
      template: {
        metadata: {
          annotations: {
            'autoscaling.knative.dev/min-scale': String(min),
            'autoscaling.knative.dev/max-scale': '1',
          },
        },
        spec: {
          containerConcurrency: concurrency,
          timeoutSeconds: TIMEOUT_SECONDS,
          automountServiceAccountToken: false,
          containers: [containerOf(image, { ...GIVEN.manifest, K_SINK: sink })],
          volumes: [
            { name: 'probe', configMap: { name: 'conformance-bundle' } },
            { name: 'tmp', emptyDir: {} },
          ],
        },
      },
    },
  })

/** As `npm run generate` derives them, but for the two mounts. */
const containerOf = (image: string, env: Record<string, string>) => ({
  image,
  ports: [{ name: 'http1', containerPort: 8080 }],
  env: Object.entries({ FUNCTION_BUNDLE: '/probe/function.cjs', ...env }).map(([name, value]) => ({
    name,
    value,
  })),
  envFrom: [{ configMapRef: { name: 'conformance-config' } }, { secretRef: { name: 'conformance-secret' } }],
  readinessProbe: { httpGet: { path: '/health/readiness' } },
  livenessProbe: { httpGet: { path: '/health/liveness' } },
  resources: { requests: { cpu: '25m', memory: '64Mi' }, limits: { memory: `${MEMORY_MIB}Mi` } },
  securityContext: {
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  },
  volumeMounts: [
    { name: 'probe', mountPath: '/probe', readOnly: true },
    { name: 'tmp', mountPath: '/tmp' },
  ],
})
