import { kubectl, kubectlSays, list, type KubeObject } from './kubectl'
import { NAMESPACE } from './secrets'

/** What of the shop can be ready or not. */
const KINDS = [
  'services.serving.knative.dev',
  'brokers.eventing.knative.dev',
  'triggers.eventing.knative.dev',
  'pingsources.sources.knative.dev',
  'ingresses.networking.internal.knative.dev',
]

/** An object that is not ready, and why as far as the cluster says. */
export interface NotReady {
  object: KubeObject
  why: string
  /** It will not become ready by waiting. */
  isHopeless: boolean
}

/** A pod that could not be started this often will not start the next time either. */
const MOST_STARTS = 2

/**
 * Waits until all that was applied is ready; tells how far it is. Answers what will not become ready: within the
 * patience, or as soon as there is nothing left but functions that cannot start.
 */
export async function becomeReady(
  applied: KubeObject[],
  patienceMs: number,
  tell: (line: string) => void,
): Promise<NotReady[]> {
  const names = new Set(applied.map(nameOf))
  const deadline = Date.now() + patienceMs
  let told = ''
  for (;;) {
    const objects = (await Promise.all(KINDS.map((kind) => list(kind, '-n', NAMESPACE)))).flat()
    const ours = objects.filter((object) => names.has(nameOf(object)))
    const waiting = ours.filter((object) => !isReady(object))
    const isFunction = ({ kind }: KubeObject) => kind === 'Service'
    // What stands on a function waits with it, and says nothing of the cause.
    const isFirst = waiting.some(isFunction) ? isFunction : () => true
    const line = `${ours.length - waiting.length} of ${ours.length} are ready`
    if (line !== told) tell((told = line))
    if (waiting.length === 0) return []
    const reasons = await Promise.all(waiting.filter(isFirst).map(explained))
    if (Date.now() > deadline || reasons.every(({ isHopeless }) => isHopeless)) return reasons
    await new Promise((resume) => setTimeout(resume, 2_000))
  }
}

const nameOf = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.name}`

/** Ready, and of what was applied: a condition may still speak of the generation before. */
function isReady({ metadata, status }: KubeObject): boolean {
  if (status?.observedGeneration !== undefined && status.observedGeneration !== metadata.generation)
    return false
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true
}

/**
 * Forgets the newest revision of a function where it has failed for good, since the same manifest would not make another.
 * What serves is never touched.
 */
export async function forgetFailed(): Promise<void> {
  const [functions, revisions] = await Promise.all([
    list('services.serving.knative.dev', '-n', NAMESPACE),
    list('revisions.serving.knative.dev', '-n', NAMESPACE),
  ])
  const newest = new Set(
    functions
      .map(({ status }) => status as { latestCreatedRevisionName?: string; latestReadyRevisionName?: string })
      .filter((status) => status.latestCreatedRevisionName !== status.latestReadyRevisionName)
      .map(({ latestCreatedRevisionName }) => latestCreatedRevisionName),
  )
  const failed = revisions.filter(
    ({ metadata, status }) =>
      newest.has(metadata.name) &&
      status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'False'),
  )
  if (failed.length === 0) return
  const names = failed.map(({ metadata }) => metadata.name)
  await kubectl(['delete', 'revisions.serving.knative.dev', '-n', NAMESPACE, '--wait=false', ...names])
}

/** Functions that an operator has taken back to an older revision, and that a deploy therefore does not change. */
export async function heldBack(): Promise<string[]> {
  const functions = await list('services.serving.knative.dev', '-n', NAMESPACE)
  const isHeld = ({ spec }: KubeObject) => {
    const { traffic } = spec as { traffic?: { latestRevision?: boolean; percent?: number }[] }
    return traffic?.some(({ latestRevision, percent }) => latestRevision && percent === 100) === false
  }
  return functions.filter(isHeld).map(({ metadata }) => metadata.name)
}

async function explained(object: KubeObject): Promise<NotReady> {
  const { kind, metadata, status } = object
  if (kind === 'Service') {
    const pods = await list('pods', '-n', NAMESPACE, '-l', `serving.knative.dev/service=${metadata.name}`)
    const troubles = await Promise.all(pods.map(troubleOf))
    const trouble = troubles.find((found) => found !== undefined)
    if (trouble !== undefined) return { object, why: trouble, isHopeless: true }
  }
  const conditions = status?.conditions ?? []
  const ready = conditions.find(({ type }) => type === 'Ready')
  const why = ready?.message ?? ready?.reason ?? 'the cluster has not looked at it yet'
  return { object, why, isHopeless: false }
}

interface ContainerStatus {
  name: string
  restartCount: number
  state: { waiting?: { reason: string; message?: string } }
  lastState?: { terminated?: { exitCode: number; reason: string } }
}

/** Why a pod cannot start, with the last words of its process; undefined while it may. */
async function troubleOf({ metadata, status }: KubeObject): Promise<string | undefined> {
  const { containerStatuses = [] } = (status ?? {}) as { containerStatuses?: ContainerStatus[] }
  const container = containerStatuses.find(({ name }) => name === 'user-container')
  const waiting = container?.state.waiting
  if (!container || !waiting) return undefined
  if (
    /^(ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|CreateContainerConfigError)$/.test(
      waiting.reason,
    )
  )
    return `${waiting.reason}: ${waiting.message ?? 'the image cannot be had'}`
  if (waiting.reason !== 'CrashLoopBackOff' || container.restartCount < MOST_STARTS) return undefined
  const logs = ['logs', metadata.name, '-n', NAMESPACE, '-c', 'user-container', '--tail=5', '--previous']
  const { out } = await kubectlSays(logs)
  const exit = container.lastState?.terminated?.exitCode
  return `its process ends with exit code ${exit ?? 'unknown'}; it said last: ${out.trim().split('\n').join(' | ')}`
}
