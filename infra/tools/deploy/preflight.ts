import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { builderHere } from '../images/build'
import type { Builder } from '../images/builder'
import { kubectlSays, type KubeObject } from './kubectl'
import { NAMESPACE, type SecretValues } from './secrets'
import { transportFor, type Transport } from './transport'

/** What each kind of object needs to be installed, and where that is said. */
const INSTALLED = {
  Service: 'Knative Serving',
  Broker: 'Knative Eventing',
  Trigger: 'Knative Eventing',
  PingSource: 'Knative Eventing',
  Ingress: "Knative Serving's networking",
  Cluster: 'CloudNativePG',
  NatsJetStreamChannel: 'the NATS JetStream channel of Knative Eventing',
  HTTPRoute: 'the Gateway API',
  Certificate: 'cert-manager',
} as Record<string, string>

/** Where `npm run data` says how its services are reached. */
export const DATA_SERVICES = '.kiosk/cluster/data-services.json'

/** What the data services on this machine say of themselves. */
export interface DataServicesFile {
  secrets: SecretValues
  mailboxUrl: string
}

export function dataServices(root: string): DataServicesFile | undefined {
  const file = join(root, DATA_SERVICES)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DataServicesFile) : undefined
}

export interface Means {
  builder: Builder
  transport: Transport
}

/** Everything that a deploy needs and that is not there, each in a sentence with what to do; or the means to do it. */
export async function preflight(
  objects: KubeObject[],
  registry: string | undefined,
): Promise<Means | { missing: string[] }> {
  const version = await kubectlSays(['version', '-o', 'json'])
  if (version.code !== 0) {
    return { missing: [`the cluster of the current kubectl context does not answer: ${version.said.trim()}`] }
  }
  const [kinds, builder, transport] = await Promise.all([
    missingKinds(objects),
    builderHere(),
    transportFor(registry),
  ])
  const missing = [
    ...kinds,
    ...(builder ? [] : ['images need docker with a running engine, or buildah: install one of them']),
    ...(transport
      ? []
      : ['images cannot be loaded into the nodes of this cluster: name a registry with --registry=NAME']),
  ]
  return missing.length > 0 || !builder || !transport ? { missing } : { builder, transport }
}

async function missingKinds(objects: KubeObject[]): Promise<string[]> {
  const { out } = await kubectlSays(['api-resources', '--no-headers'])
  const known = new Set(
    out
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .map((words) => `${words.at(-3)}/${words.at(-1)}`),
  )
  const unknown = new Map<string, string>()
  for (const { apiVersion, kind } of objects) {
    if (!known.has(`${apiVersion}/${kind}`))
      unknown.set(`${apiVersion}/${kind}`, INSTALLED[kind] ?? apiVersion)
  }
  return [...unknown].map(
    ([kind, what]) => `${what} is not installed (no ${kind}): docs/install.md says how to install it`,
  )
}

/** The Secrets that nobody can make up, as a sentence. */
export const unknownSecrets = (names: string[]): string =>
  `these Secrets are missing in the namespace ${NAMESPACE}: ${names.join(', ')}. Either run "npm run data" in another ` +
  'terminal, which starts the data services on this machine, or make them (docs/deploy.md lists their keys)'
