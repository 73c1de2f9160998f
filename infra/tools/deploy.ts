import { stringify } from 'yaml'
import { BASE, buildImages, LOCAL } from './images/build'
import { seconds } from '../local/screen'
import { kubectl, kubectlSays, type KubeObject } from './deploy/kubectl'
import { dataServices, preflight, unknownSecrets, type Means } from './deploy/preflight'
import { prepare } from './deploy/prepare'
import { becomeReady, forgetFailed, heldBack, type NotReady } from './deploy/readiness'
import { render, type Rendered } from './deploy/rendering'
import { applyConfig, createSecrets, NAMESPACE, planSecrets } from './deploy/secrets'
import { hostsOf, withHosts } from './deploy/hosts'

const USAGE = `usage: npm run deploy [-- --overlay=NAME] [-- --registry=NAME] [-- --diff] [-- --patience=SECONDS]

  --overlay=NAME    a folder of knative/overlays; external when not given
  --registry=NAME   where images are pushed; not needed for kind, minikube or a node that is this machine
  --diff            says what would change, and changes nothing
  --patience=N      how long the shop may take to become ready, in seconds; 600 when not given

  GATEWAY_URL       if it names an address and not a host, the API answers to that address too
  KIOSK_BASE_IMAGE  the base of all images, ${BASE} when not given`

interface Options {
  overlay: string
  registry?: string
  diff: boolean
  patienceMs: number
}

/** `npm run deploy`: the shop, on the cluster of the current kubectl context. Exit code 0 only if all of it is ready. */
async function main(): Promise<void> {
  const root = process.cwd()
  const options = optionsOf(process.argv.slice(2))
  if (!options) throw new Error(USAGE)
  const started = performance.now()
  const context = await kubectl(['config', 'current-context']).catch(() => {
    throw new Error('kubectl is not there or has no current context: install it and choose a cluster')
  })
  console.log(`\nKiosk to ${context.trim()}, overlay ${options.overlay}\n`)

  const folder = `knative/overlays/${options.overlay}`
  const draft = await render(root, folder, {})
  const more = withHosts(hostsOf(process.env['GATEWAY_URL'], draft.objects))
  const means = await preflight(draft.objects, options.registry)
  if ('missing' in means) throw new Error(`Before it can be deployed:\n  - ${means.missing.join('\n  - ')}`)
  const references = await images(root, means, options)
  const rendered = await render(root, folder, references, more)
  if (options.diff) {
    await diff(rendered)
    return
  }
  await namespace()
  await secrets(root, draft.objects)
  await step('Data services', () => apply(rendered, isFoundation))
  await step('Databases', () => prepare(root, options.overlay, references))
  await forgetFailed()
  await step('Manifests', () => apply(rendered, () => true))
  const troubles = await becomeReady(rendered.objects, options.patienceMs, (line) =>
    console.log(`    ${line}`),
  )
  if (troubles.length > 0) throw new Error(sentenceOf(troubles))
  for (const name of await heldBack()) {
    console.log(
      `    ${name} is ready, and its traffic is held on older revisions; to let it follow again: kubectl -n ` +
        `${NAMESPACE} patch ksvc ${name} --type merge -p '{"spec":{"traffic":[{"latestRevision":true,"percent":100}]}}'`,
    )
  }
  console.log(
    `\nReady in ${seconds(performance.now() - started).trim()}.\n${await addresses(rendered.objects)}`,
  )
}

async function images(root: string, { builder, transport }: Means, options: Options) {
  const base = process.env['KIOSK_BASE_IMAGE'] ?? BASE
  const repository = options.registry ?? LOCAL
  const built = await step('Images', () => buildImages(builder, { root, repository, base }))
  if (options.diff) return Object.fromEntries(built.images.map(({ name, reference }) => [name, reference]))
  return step(`Images ${transport.says}`, () => transport.bring(builder, built, root))
}

async function namespace(): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }
  await kubectl(['apply', '--server-side', '-f', '-'], stringify(object))
}

/** Those that are missing are made; one that is there stays, and is named when the data services say otherwise. */
async function secrets(root: string, objects: KubeObject[]): Promise<void> {
  const plan = await planSecrets(objects, dataServices(root)?.secrets ?? {})
  if (plan.unknown.length > 0) throw new Error(unknownSecrets(plan.unknown))
  await createSecrets(plan.missing)
  await applyConfig(process.env)
  const made = Object.keys(plan.missing)
  console.log(`  ✓ Secrets            ${made.length > 0 ? `made ${made.join(', ')}` : 'all there'}`)
  for (const name of plan.different) {
    console.log(
      `    the Secret ${name} is kept although the data services say otherwise; to take theirs: ` +
        `kubectl -n ${NAMESPACE} delete secret ${name}, then deploy again`,
    )
  }
}

/** What functions stand on, as far as an overlay brings it; they come after the migrations. */
const isFoundation = ({ apiVersion }: KubeObject) => !/knative\.dev\//.test(apiVersion)

async function apply({ objects }: Rendered, isWanted: (object: KubeObject) => boolean): Promise<string> {
  const yaml = objects
    .filter(isWanted)
    .map((object) => stringify(object, { version: '1.1' }))
    .join('---\n')
  const words = ['apply', '--server-side', '--force-conflicts', '--field-manager=kiosk', '-f', '-']
  const lines = (await kubectl(words, yaml)).trim().split('\n')
  return `${lines.length} objects`
}

/** As `kubectl diff`, which says 1 when there is a difference. */
async function diff({ yaml }: Rendered): Promise<void> {
  const words = ['diff', '--server-side', '--force-conflicts', '--field-manager=kiosk', '-f', '-']
  const { code, out, said } = await kubectlSays(words, yaml)
  if (code > 1) throw new Error(`kubectl diff failed: ${said.trim()}`)
  console.log(code === 0 ? '\nNothing would change.' : `\n${out}`)
}

/** Every function that is not ready with its reason; what served before goes on serving. */
function sentenceOf(troubles: NotReady[]): string {
  const lines = troubles.map(
    ({ object: { kind, metadata }, why }) =>
      `  - ${kind === 'Service' ? 'function' : kind} ${metadata.name}: ${why}`,
  )
  return (
    `Not ready:\n${lines.join('\n')}\n\nThe revisions that served before go on serving. Correct it and deploy ` +
    'again, or take a function back: docs/deploy.md, "Taking a release back".'
  )
}

async function addresses(objects: KubeObject[]): Promise<string> {
  const own = JSON.parse(
    await kubectl(['get', 'ksvc', 'place-order', '-n', NAMESPACE, '-o', 'json']),
  ) as KubeObject
  const rules = objects
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap(({ spec }) => (spec as { rules: { hosts: string[] }[] }).rules.flatMap(({ hosts }) => hosts))
  return `
  the API         ${rules.map((host) => `http://${host}`).join('  ')}
  one function    ${String((own.status as { url?: string }).url)}
  first admin     kubectl -n ${NAMESPACE} get secret first-admin -o jsonpath='{.data.FIRST_ADMIN_PASSWORD}' | base64 -d

  npm run e2e buys something there.
`
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  const result = await work()
  console.log(`  ✓ ${name.padEnd(18)} ${seconds(performance.now() - started)}`)
  if (typeof result === 'string') console.log(result.startsWith(' ') ? result : `      ${result}`)
  return result
}

function optionsOf(words: string[]): Options | undefined {
  const options: Options = { overlay: 'external', diff: false, patienceMs: 600_000 }
  for (const word of words) {
    const [, name, value] = /^--(overlay|registry|patience)=(.+)$/.exec(word) ?? []
    if (word === '--diff') options.diff = true
    else if (name === 'overlay' && value) options.overlay = value
    else if (name === 'registry' && value) options.registry = value
    else if (name === 'patience' && Number(value) > 0) options.patienceMs = Number(value) * 1_000
    else return undefined
  }
  return options
}

main().catch((error: unknown) => {
  console.error(`\n${(error as Error).message}`)
  process.exitCode = 1
})
