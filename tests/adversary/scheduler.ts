import { randomFrom } from '../support/bus'
import { waitingForLocks } from './gates'
import type { Process } from './process'
import type { World } from './world'

const PATIENCE_MS = 5

const pause = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms))

/**
 * Runs what there is to do, several invocations at the same moment, one step of one of them at a time: which comes next is
 * decided by the seed and nothing else. One that waits for another's lock is left alone until it has it.
 */
export async function runShuffled(world: World): Promise<void> {
  const { plan, tally, kills } = world
  const random = randomFrom(plan.seed)
  const oneOf = <T>(list: T[]) => list[Math.floor(random() * list.length)]!
  const live: Process[] = []
  while (world.todo.length > 0 || live.length > 0) {
    const ready = live.filter(({ busy }) => !busy)
    const mayBegin = world.todo.length > 0 && live.length < plan.atOnce
    if (mayBegin && (ready.length === 0 || random() < 0.3)) {
      const [task] = world.todo.splice(Math.floor(random() * world.todo.length), 1)
      live.push(await world.launch(task!, true))
    } else if (ready.length > 0) {
      oneOf(ready).step()
      tally.steps++
    } else await Promise.race([...live.map(({ idle }) => idle), pause(50)])
    await settle(live)
    for (const process of live.filter(({ state }) => state !== 'alive')) {
      live.splice(live.indexOf(process), 1)
      if (process.state === 'killed') kills.push(process.name)
    }
  }
  tally.kills += kills.length
}

/** Resolves when every process has stopped or waits for a lock. */
async function settle(live: readonly Process[]): Promise<void> {
  for (;;) {
    const busy = live.filter((process) => process.busy)
    if (busy.length === 0) return
    const allIdle = Promise.all(busy.map(({ idle }) => idle)).then(() => true)
    if (await Promise.race([allIdle, pause(PATIENCE_MS).then(() => false)])) continue

    const still = live.filter((process) => process.busy)
    const waiting = await waitingForLocks(still.flatMap(({ held }) => [...held].map(({ pid }) => pid)))
    const isBlocked = ({ held }: Process) => [...held].some(({ pid }) => waiting.has(pid))
    if (still.every((process) => !process.busy || isBlocked(process))) return
  }
}

/** Runs one invocation from its beginning to its end. */
export async function runAlone(process: Process, world: World): Promise<void> {
  for (;;) {
    await process.idle
    if (process.state !== 'alive') return
    process.step()
    world.tally.steps++
  }
}
