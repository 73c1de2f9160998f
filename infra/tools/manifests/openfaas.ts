import { parseAllDocuments, stringify } from 'yaml'
import { manifestsFrom } from '../../local/manifests/read-manifests'

/** What a Knative Service of ours says, as far as OpenFaaS can be told. */
interface Service {
  kind: string
  metadata: { name: string; labels: Record<string, string>; annotations: Record<string, string> }
  spec: {
    template: {
      metadata: { annotations: Record<string, string> }
      spec: { containerConcurrency: number; containers: [Container] }
    }
  }
}

interface Container {
  image: string
  env?: { name: string; value: string }[]
  envFrom?: { secretRef?: { name: string }; configMapRef?: { name: string } }[]
  resources: Record<'requests' | 'limits', Record<string, string>>
}

/** Left open in the stack file: faas-cli fills them in from its environment (its documentation, "YAML"). */
const IMAGES = '${KIOSK_REGISTRY:-dev.local}/'
const TAG = ':${KIOSK_TAG:-latest}'
const GATEWAY = '${KIOSK_GATEWAY:-http://gateway.openfaas:8080}'
const DISPATCHER = '${KIOSK_DISPATCHER:-http://dispatcher.openfaas:8081}'

/** Where Knative tells how its Services are: there are none. */
const KNATIVE_ONLY = 'SERVICES_URL'

/** However far a function could scale: events of one Trigger that may be with it at once. */
const MOST_IN_FLIGHT = 100

const HEAD = '# Derived from the function.json files by `npm run generate`; change those, not this.\n'

/**
 * What OpenFaaS needs to run the same functions from the same images: `stack.yaml` for faas-cli, and for our dispatcher,
 * which stands in for brokers and timers there, who is to get what. Both follow from the Knative manifests among the
 * derived files, so that the two targets cannot drift apart.
 */
export function openfaasFiles(files: ReadonlyMap<string, string>): Map<string, string> {
  const base = [...files].filter(([file]) => /^knative\/base\/.*\.yaml$/.test(file))
  const { namespace, brokers, triggers, timers, services } = manifestsFrom(base)
  const topics = (name: string) =>
    triggers.filter(({ service }) => service === name).map(({ filter }) => filter['type']!)
  const schedule = (name: string) => timers.find(({ service }) => service === name)?.schedule

  const manifests = base.flatMap(([, text]) => parseAllDocuments(text).map((each) => each.toJS() as Service))
  const functions = manifests
    .filter(({ kind, spec }) => kind === 'Service' && 'template' in spec)
    .map((service) => [
      service.metadata.name,
      functionOf(service, {
        topics: topics(service.metadata.name),
        schedule: schedule(service.metadata.name),
      }),
    ])
  const stack = {
    version: '1.0',
    provider: { name: 'openfaas', gateway: 'http://127.0.0.1:8080' },
    functions: Object.fromEntries(functions) as object,
  }
  const inFlight = (name: string) => {
    const { containerConcurrency, scale } = services.find((service) => service.name === name)!
    return Math.min((containerConcurrency || MOST_IN_FLIGHT) * scale.max, MOST_IN_FLIGHT)
  }
  const dispatch = {
    namespace,
    brokers,
    triggers: triggers.map((trigger) => ({ ...trigger, inFlight: inFlight(trigger.service) })),
    timers,
  }
  return new Map([
    [
      'infra/openfaas/stack.yaml',
      HEAD + stringify(stack, { lineWidth: 0, singleQuote: true, version: '1.1' }),
    ],
    ['infra/openfaas/dispatch.json', json(dispatch)],
  ])
}

function functionOf(
  { metadata, spec }: Service,
  { topics, schedule }: { topics: string[]; schedule: string | undefined },
): object {
  const { name, labels, annotations } = metadata
  const { containerConcurrency, containers } = spec.template.spec
  const { image, env = [], envFrom = [], resources } = containers[0]
  const scale = (what: string) => spec.template.metadata.annotations[`autoscaling.knative.dev/${what}`]
  const routes = annotations['kiosk.example/routes']
  return {
    skip_build: true,
    image: `${IMAGES}${image}${TAG}`,
    labels: {
      'app.kubernetes.io/part-of': labels['app.kubernetes.io/part-of'],
      'kiosk.example/domain': labels['kiosk.example/domain'],
      'com.openfaas.scale.min': String(Math.max(Number(scale('min-scale')), 1)),
      'com.openfaas.scale.max': scale('max-scale'),
      'com.openfaas.scale.type': 'capacity',
      'com.openfaas.scale.target': String(containerConcurrency),
      'com.openfaas.scale.zero': String(scale('min-scale') === '0'),
      'com.openfaas.scale.zero-duration': wholeMinutes(scale('window')!),
    },
    annotations: {
      'kiosk.example/promise': annotations['kiosk.example/promise'],
      ...(routes !== undefined && { 'kiosk.example/routes': routes.replaceAll('\n', ', ') }),
      ...(topics.length > 0 && { topic: topics.join(',') }),
      ...(schedule !== undefined && { 'kiosk.example/schedule': schedule }),
    },
    environment: {
      K_SERVICE: name,
      ...Object.fromEntries(
        env.filter(({ name }) => name !== KNATIVE_ONLY).map(({ name, value }) => [name, addressed(value)]),
      ),
    },
    secrets: envFrom.map(({ secretRef, configMapRef }) => (secretRef ?? configMapRef)!.name),
    readonly_root_filesystem: true,
    ...resources,
  }
}

/** Names of a Knative cluster as addresses of an OpenFaaS one. */
const addressed = (value: string) =>
  value
    .replace(/^http:\/\/broker-ingress\.knative-eventing\.svc\.cluster\.local/, DISPATCHER)
    .replace(/^http:\/\/([\w-]+|\{operation\})\.kiosk\.svc\.cluster\.local/, `${GATEWAY}/function/$1`)

/** The idler of OpenFaaS looks every few minutes: seconds mean nothing to it. */
const wholeMinutes = (window: string) => `${Math.max(1, Math.ceil(Number.parseInt(window) / 60))}m`

/** Lists of words stand on one line, as the formatter has them. */
const json = (value: object) =>
  `${JSON.stringify(value, null, 2).replace(/\[\s+("[^"]*"(?:,\s+"[^"]*")*)\s+\]/g, (_, words: string) => `[${words.replace(/\s+/g, ' ')}]`)}\n`
