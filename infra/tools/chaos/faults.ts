import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { AttackedPlatform, LinkName } from './attacked-platform'
import type { LinkState } from './link'
import { nameOf, type Fault } from './plan'
import { functionOf, tell } from './processes'

/** What was done, and when; `to` is undefined when there was nothing to do it to. */
export interface Done {
  fault: Fault
  to: string | undefined
  /** When it was over, by the clock of this machine. */
  endedAt: number
}

const PULSE_MS = { stopped: 120, running: 40 }
const LOOK_AGAIN_MS = 100

/** Does to a platform what a plan says, several things at once where they overlap. Resolves when the last is over. */
export async function attack(
  platform: AttackedPlatform,
  plan: readonly Fault[],
  told: (done: Done) => void,
): Promise<Done[]> {
  const began = performance.now()
  const busy = new Map<string, Promise<unknown>>()
  const all = plan.map(async (fault) => {
    await pause(Math.max(0, fault.atMs - (performance.now() - began)))
    // Two of them on one way, or on one process, would end each other; of functions there are many.
    const before = (fault.target !== 'function' && busy.get(fault.target)) || Promise.resolve()
    let endedAt = 0
    const over = () => (endedAt = Date.now())
    const mine = before.then(() => strike(platform, fault, over))
    busy.set(
      fault.target,
      mine.catch(() => undefined),
    )
    const done = { fault, to: await mine, endedAt }
    told(done)
    return done
  })
  return Promise.all(all)
}

/** `over` is called when nothing is done to it any more: what follows is its recovery. */
async function strike(
  platform: AttackedPlatform,
  fault: Fault,
  over: () => void,
): Promise<string | undefined> {
  const { kind, target, forMs } = fault
  if (kind === 'cut' || kind === 'refuse' || (kind === 'slow' && target !== 'function')) {
    await onTheWay(platform, target as LinkName, kind, forMs)
    over()
    return `the way to ${target}`
  }
  if (target === 'node') {
    const names = aNodeOf(platform, fault)
    over()
    return names
  }
  const group = await victim(platform, fault)
  const [first] = group
  if (first === undefined) return undefined
  if (target === 'platform') {
    over()
    await platform.crash()
    return 'the platform itself'
  }
  const whom = `${target === 'function' ? functionOf(first) : target} (process ${first})`
  if (kind === 'lose') rmSync(join(platform.folders.redis, 'appendonlydir'), { recursive: true, force: true })
  if (kind === 'kill' || kind === 'lose') tell(first, 'SIGKILL')
  else if (kind === 'pause') await stopped(group, forMs)
  else await pulsed(group, forMs)
  over()
  return whom
}

async function onTheWay({ links }: AttackedPlatform, to: LinkName, state: LinkState, forMs: number) {
  links[to].set(state)
  await pause(forMs)
  links[to].set('open')
}

/** Kills a third of the functions' processes at the same moment, as when a machine of a cluster dies. */
function aNodeOf(platform: AttackedPlatform, { which }: Fault): string | undefined {
  const there = Math.floor(which * 3)
  const pids = platform
    .processesOf('function')
    .flat()
    .filter((_, nth) => nth % 3 === there)
  const names = pids.map(functionOf)
  for (const pid of pids) tell(pid, 'SIGKILL')
  return pids.length === 0 ? undefined : `${pids.length} functions at once (${names.join(', ')})`
}

/** A process to meet, with its children; one that is just being started again is waited for. */
async function victim(platform: AttackedPlatform, { target, which }: Fault): Promise<number[]> {
  for (let looks = 0; looks < 50; looks++) {
    const groups = platform.processesOf(target)
    const group = groups[Math.floor(which * groups.length)]
    if (group) return group
    await pause(LOOK_AGAIN_MS)
  }
  return []
}

async function stopped(group: readonly number[], forMs: number): Promise<void> {
  for (const pid of group) tell(pid, 'SIGSTOP')
  await pause(forMs)
  for (const pid of group) tell(pid, 'SIGCONT')
}

/** Stopped most of the time, as a process that has to share its processor with too many. */
async function pulsed(group: readonly number[], forMs: number): Promise<void> {
  for (const until = performance.now() + forMs; performance.now() < until;) {
    await stopped(group, PULSE_MS.stopped)
    await pause(PULSE_MS.running)
  }
}

export const lineOf = ({ fault, to }: Done): string =>
  to === undefined
    ? `${nameOf(fault)}: there was none`
    : `${fault.kind} ${to}${fault.forMs > 0 ? ` for ${(fault.forMs / 1000).toFixed(1)} s` : ''}`
