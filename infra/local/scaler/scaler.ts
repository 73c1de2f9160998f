import type { IncomingMessage, ServerResponse } from 'node:http'
import { Intake } from '../../forward/intake'
import { refuse, type WholeAnswer } from '../../host/refusal'
import type { FunctionService } from '../manifests/manifests'
import { deliver, type Delivered } from './deliver'
import type { Observation } from './observation'
import { proxy } from './proxy'
import { Revision, type FunctionState } from './revision'
import { StartSlots } from './start-slots'
import type { Target } from './target'

/** What the scaler is given. */
export interface ScalerSettings {
  services: FunctionService[]
  /** The bundle of infra/host/host.ts. */
  hostBundle: string
  /** Absolute path of a function's bundle. */
  bundleOf: (service: FunctionService) => string
  /** What its Secrets and ConfigMaps add to the environment that its manifest states. */
  environmentOf: (service: FunctionService) => Record<string, string>
  logFolder: string
  /** A folder that survives a restart, for compiled code. */
  compileCache: string
  /** The bundle of infra/local/code-cache-process.ts; without it Node.js below 22 compiles at every start. */
  preload?: string
  on: (observation: Observation) => void
}

/** Every function of the shop behind its own queue and autoscaler. */
export interface Scaler {
  /** Hands a request on to a function and streams its answer back; never rejects. An unknown function is 404. */
  handle(service: string, request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Resolves with the function's answer, or the platform's own: 502, 503 or 504. Rejects for an unknown function. */
  deliver(service: string, delivered: Delivered): Promise<WholeAnswer>
  states(): FunctionState[]
  /** Refuses what comes, lets what is under way finish within the limit (10 s), and ends every process. */
  stop(limitMs?: number): Promise<void>
}

const TICK_MS = 1_000
const STOP_LIMIT_MS = 10_000

/** Starts the scaler; functions with a minimum scale are started now, the others by their first request. */
export function startScaler(settings: ScalerSettings): Scaler {
  const slots = new StartSlots()
  const intake = new Intake()
  const targets = new Map<string, Target>()
  for (const service of settings.services) {
    targets.set(service.name, { service, revision: revisionOf(service, settings, slots) })
  }
  const revisions = () => [...targets.values()].map(({ revision }) => revision)
  const tick = () => revisions().forEach((revision) => revision.tick())
  const ticker = setInterval(tick, TICK_MS)
  tick()

  return {
    async handle(name, request, response) {
      const target = targets.get(name)
      if (target) await proxy(target, intake, request, response)
      else refuse(request, response, 'no-such-route')
    },
    async deliver(name, delivered) {
      const target = targets.get(name)
      if (!target) throw new Error(`there is no function named ${name}`)
      return deliver(target, delivered)
    },
    states: () => revisions().map((revision) => revision.state()),
    async stop(limitMs = STOP_LIMIT_MS) {
      clearInterval(ticker)
      await Promise.all(revisions().map((revision) => revision.stop(limitMs)))
    },
  }
}

function revisionOf(service: FunctionService, settings: ScalerSettings, slots: StartSlots): Revision {
  const { hostBundle, bundleOf, environmentOf, logFolder, compileCache, preload, on } = settings
  const { scale, containerConcurrency, name } = service
  const instance = {
    service: name,
    hostBundle,
    bundle: bundleOf(service),
    environment: { ...service.env, ...environmentOf(service) },
    logFolder,
    compileCache,
    ...(preload !== undefined && { preload }),
  }
  return new Revision({ ...scale, containerConcurrency }, instance, slots, on)
}
