import { request } from 'node:http'
import { stringify } from 'yaml'
import { find, kubectl, list, type KubeObject } from '../deploy/kubectl'
import { NAMESPACE } from '../deploy/secrets'
import type { Leftovers } from './leftovers'
import { median, type Row } from './row'

const TIMES = 9
const MODEL = 'list-categories'
const TARGET = 1.25
const PATIENCE_MS = 180_000

/** The least that can answer HTTP, on the image of the function beside it. */
const BARE = "require('node:http').createServer((_, answer) => answer.end('ok')).listen(process.env.PORT)"

/**
 * From a request that finds no pod to its answer, through the gateway at GATEWAY_URL: a function of the shop that asks
 * Postgres, and beside it, in turns, a bare `node:http` server. Both are copies made for this, with the shortest window.
 */
export async function measureScaleFromZero(gatewayUrl: string, left: Leftovers): Promise<Row[]> {
  const model = await find('services.serving.knative.dev', MODEL, NAMESPACE)
  if (!model) throw new Error(`${MODEL} is not deployed: npm run deploy`)
  const ours = await deployed('bench-function', model, left)
  const bare = await deployed('bench-bare', withBareServer(model), left)
  const taken: number[] = []
  const floor: number[] = []
  for (let round = 0; round <= TIMES; round++) {
    const pair = [await fromZeroMs(gatewayUrl, ours, '/'), await fromZeroMs(gatewayUrl, bare, '/')] as const
    // The first pair warms the node: images are unpacked, addresses are learnt.
    if (round === 0) continue
    taken.push(pair[0])
    floor.push(pair[1])
    console.error(`  ${pair.map((ms) => `${Math.round(ms)} ms`).join(' and bare ')}`)
  }
  const value = median(taken)
  const floorValue = median(floor)
  return [
    {
      what: `${MODEL} from zero to its first answer, on the cluster`,
      unit: 'ms',
      value,
      n: TIMES,
      floor: { what: 'a bare node:http function beside it', value: floorValue },
      target: TARGET * floorValue,
    },
  ]
}

interface Container {
  args?: string[]
  readinessProbe?: unknown
  livenessProbe?: unknown
}

interface Template {
  metadata: { annotations: Record<string, string> }
  spec: { containers: Container[] }
}

const templateOf = (service: KubeObject) => structuredClone((service.spec as { template: Template }).template)

function withBareServer(service: KubeObject): KubeObject {
  const template = templateOf(service)
  const [container] = template.spec.containers as [Container]
  delete container.livenessProbe
  container.readinessProbe = { httpGet: { path: '/' } }
  container.args = ['-e', BARE]
  return { ...service, spec: { template } }
}

/** Answers its host. */
async function deployed(name: string, like: KubeObject, left: Leftovers): Promise<string> {
  const template = templateOf(like)
  template.metadata.annotations['autoscaling.knative.dev/window'] = '6s'
  const { apiVersion, kind } = like
  const service = { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, spec: { template } }
  left.add(() => kubectl(['delete', 'ksvc', name, '-n', NAMESPACE, '--ignore-not-found']))
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], stringify(service))
  await kubectl([
    'wait',
    'ksvc',
    name,
    '-n',
    NAMESPACE,
    '--for=condition=Ready',
    `--timeout=${PATIENCE_MS}ms`,
  ])
  const { status } = (await find('services.serving.knative.dev', name, NAMESPACE))!
  return new URL((status as { url: string }).url).hostname
}

async function fromZeroMs(gatewayUrl: string, host: string, path: string): Promise<number> {
  const name = host.split('.')[0]!
  const deadline = Date.now() + PATIENCE_MS
  while ((await list('pods', '-n', NAMESPACE, '-l', `serving.knative.dev/service=${name}`)).length > 0) {
    if (Date.now() > deadline) throw new Error(`${name} does not go to zero`)
    await new Promise((resume) => setTimeout(resume, 500))
  }
  // The ingress has to have learnt that requests go to the activator now.
  await new Promise((resume) => setTimeout(resume, 2_000))
  const began = performance.now()
  const status = await asked(gatewayUrl, host, path)
  if (status !== 200) throw new Error(`${name} answered ${status}`)
  return performance.now() - began
}

const asked = (gatewayUrl: string, host: string, path: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    const outgoing = request(new URL(path, gatewayUrl), { headers: { host }, agent: false }, (answer) => {
      answer.resume()
      answer.once('close', () => resolve(answer.statusCode))
    })
    outgoing.once('error', reject)
    outgoing.end()
  })
