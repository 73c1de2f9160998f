import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { bundle } from '#support/tiny-functions'
import { manifestsOf, NAMESPACE } from './probe/manifests'
import type { BrokerClass } from './target'

const CLASS = 'eventing.knative.dev/broker.class'

/** How a cluster is asked for a broker; the channel below MTChannelBasedBroker is the cluster's own choice. */
const BROKERS: Partial<Record<BrokerClass, { broker: Record<string, string>; ingress?: string }>> = {
  'in-memory': { broker: { [CLASS]: 'MTChannelBasedBroker' } },
  'jetstream-channel': { broker: { [CLASS]: 'MTChannelBasedBroker' } },
  'jetstream-broker': {
    broker: { [CLASS]: 'NatsJetStreamBroker' },
    ingress: 'http://nats-broker-ingress.knative-eventing.svc.cluster.local',
  },
}

/**
 * Brings the probe to the cluster of the current kubectl context before the file's tests, in a namespace of its own, and
 * removes it afterwards. `image` is any image of the shop: the probe's bundle is mounted, the rest is the image's own.
 */
export function deployProbe(image: string, broker: BrokerClass): void {
  const options = BROKERS[broker]
  if (!options) throw new Error(`CONFORMANCE_BROKER must be one of ${Object.keys(BROKERS).join(', ')}`)
  const namespaced = (...words: string[]) => kubectl('', '-n', NAMESPACE, ...words)

  beforeAll(() => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }
    kubectl(
      [stringify(namespace), bundleMap(), manifestsOf({ ...options, image })].join('---\n'),
      'apply',
      '-f',
      '-',
    )
    namespaced('wait', '--for=condition=Ready', '--timeout=240s', 'ksvc,broker,trigger', '--all')
  }, 300_000)
  afterAll(() => void kubectl('', 'delete', 'namespace', NAMESPACE, '--wait=false'), 60_000)
}

function bundleMap(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-probe-'))
  try {
    const text = readFileSync(bundle('tests/conformance/probe/probe.ts', join(folder, 'probe.cjs')), 'utf8')
    const metadata = { name: 'conformance-bundle', namespace: NAMESPACE }
    return stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'function.cjs': text } })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const kubectl = (input: string, ...words: string[]): string =>
  execFileSync('kubectl', words, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'] })
