import { setTimeout as sleep } from 'node:timers/promises'
import { launch, type Exit, type Launch, type Launched } from './launch'
import { stopProcess } from './process-records'

/** A child process to keep running. */
export interface Supervision extends Launch {
  /** One look whether it serves: rejects while it does not. Asked every 50 ms. */
  ready(): Promise<void>
  /** How long it may take to become ready, milliseconds; 30 s when not given. */
  readyWithinMs?: number
  /** How long it may take to stop before it is killed, milliseconds; 10 s when not given. */
  stopWithinMs?: number
  /** Whether a first start that ended with these words in its log is worth another try; never when not given. */
  passes?: RegExp
  /**
   * Why it will never serve, as far as its words tell: a first start is given up at once with this error, even one that
   * seems to serve. undefined while there is hope.
   */
  hopeless?(words: string): Error | undefined
  /** It ended without being asked to. */
  onExit?(exit: Exit): void
  /** It was started anew and is ready again. */
  onRestart?(pid: number): void
}

/** A process that is kept running until it is stopped. */
export interface Supervised {
  /** Its number now; undefined between an end and the next start. */
  pid: () => number | undefined
  /** Ends it for good. May be called at any time, and more than once. */
  stop: () => Promise<void>
  /** Resolves when it first serves; fails with one sentence when it does not. */
  whenReady: Promise<void>
}

const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 2000
const STEADY_AFTER_MS = 1000

interface Life {
  plan: Supervision
  now: Launched | undefined
  stopped: AbortController
  first: { resolve(): void; reject(error: Error): void }
}

/**
 * Starts a child and keeps it running: whatever ends it, it is started again, at once at first and with growing pauses
 * (up to 2 s) when it keeps ending. Only a first start that fails is final. The child has its own session, so that
 * Ctrl-C in a terminal reaches the supervisor alone, which stops its children in order.
 */
export function supervise(plan: Supervision): Supervised {
  const stopped = new AbortController()
  let first: Life['first'] = { resolve: () => undefined, reject: () => undefined }
  const whenReady = new Promise<void>((resolve, reject) => (first = { resolve, reject }))
  // Whoever stops a process before it was ready need not have waited for it.
  whenReady.catch(() => undefined)
  const life: Life = { plan, now: undefined, stopped, first }
  const over = live(life)

  return {
    pid: () => life.now?.identity?.pid,
    whenReady,
    stop: async () => {
      stopped.abort()
      const { identity } = life.now ?? {}
      if (identity) await stopProcess(identity, plan.stopSignal ?? 'SIGTERM', plan.stopWithinMs ?? 10_000)
      await over
      first.reject(new Error(`${plan.name} was stopped before it was ready.`))
    },
  }
}

async function live(life: Life): Promise<void> {
  const { plan, stopped, first } = life
  const isOver = () => stopped.signal.aborted
  let served = false
  let pause = FIRST_PAUSE_MS
  const giveUpAt = Date.now() + (plan.readyWithinMs ?? 30_000)
  while (!isOver()) {
    const began = Date.now()
    const now = (life.now = launch(plan))
    const serves = await becomesReady(life, now, !served)
    if (serves && served) plan.onRestart?.(now.identity?.pid ?? 0)
    if (serves) first.resolve()
    served ||= serves
    const exit = await now.exited
    life.now = undefined
    if (isOver()) return
    plan.onExit?.(exit)
    const again = served || (Date.now() < giveUpAt && plan.passes?.test(now.words()))
    if (!again) {
      first.reject(
        plan.hopeless?.(now.words()) ?? new Error(`${plan.name} did not start: ${whyNot(now, exit)}`),
      )
      return
    }
    if (Date.now() - began > STEADY_AFTER_MS) pause = FIRST_PAUSE_MS
    await sleep(pause, undefined, { signal: stopped.signal }).catch(() => undefined)
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS)
  }
}

/** Waits until the child serves; one that never does is killed, at its first start as soon as that is known. */
async function becomesReady({ plan, stopped }: Life, now: Launched, isFirst: boolean): Promise<boolean> {
  const deadline = Date.now() + (plan.readyWithinMs ?? 30_000)
  const hasEnded = (withinMs: number) => Promise.race([now.exited.then(() => true), sleep(withinMs, false)])
  while (!(await hasEnded(0))) {
    const serves = await plan.ready().then(
      () => true,
      () => false,
    )
    const hopeless = isFirst && plan.hopeless?.(now.words()) !== undefined
    // A child that ended at once may have left its port to another that answers there.
    if (serves && !hopeless && !(await hasEnded(5))) return true
    if (stopped.signal.aborted) return false
    if (hopeless && now.identity) await stopProcess(now.identity, plan.stopSignal ?? 'SIGTERM', 1_000)
    else if (Date.now() > deadline && now.identity) await stopProcess(now.identity, 'SIGKILL', 0)
    await hasEnded(50)
  }
  return false
}

function whyNot(now: Launched, { code, signal, error }: Exit): string {
  if (error) return `${error.message}.`
  const words = lastLines(now.words()) || `it ended with ${signal ?? `code ${code ?? 0}`} and said nothing`
  return `${words} (its log is ${now.logFile})`
}

const lastLines = (words: string): string =>
  words
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-4)
    .join(' / ')
