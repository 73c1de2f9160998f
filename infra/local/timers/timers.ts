import { randomUUID } from 'node:crypto'
import { readCron, type IsDue } from './cron'
import type { Timer } from '../manifests/manifests'
import type { Scaler } from '../scaler/scaler'

/** What the timers are given. */
export interface TimerSettings {
  timers: Timer[]
  deliver: Scaler['deliver']
  namespace: string
  /** Whether another function of the same domain was at work since a moment of `performance.now()`. */
  activeSince: (service: string, moment: number) => boolean
  /** A tick that its function did not take, one sentence; it is delivered again at the next minute. */
  onFailure: (sentence: string) => void
}

export interface Timers {
  /** Delivers what is due in the minute of this moment, and what failed before; for the clock, and for tests. */
  tick(moment: Date): Promise<void>
  /** No more ticks; waits for those under way. */
  stop(): Promise<void>
}

const MINUTE_MS = 60_000

/** How long a function may take for a tick; longer than any sweep should, shorter than for ever. */
const TIMEOUT_MS = 300_000

/**
 * Wakes functions by the clock, as a cluster's PingSources do. Each timer is fired once right after the start, one after
 * another, since a crash may have left something to do; a function that is still busy with a tick is not given the next.
 * One that said `Kiosk-Timer: idle` is left alone until something else happened in its domain.
 */
export function startTimers(settings: TimerSettings): Timers {
  const all = settings.timers.map((timer) => new Ticking(timer, readCron(timer.schedule), settings))
  let stopped = false
  const underWay = new Set<Promise<void>>()
  const track = (work: Promise<void>) => {
    underWay.add(work)
    void work.finally(() => underWay.delete(work))
    return work
  }
  const tick = (moment: Date) =>
    track(Promise.all(all.map((timer) => timer.tick(moment))).then(() => undefined))
  const catchUp = async () => {
    for (const timer of all) if (!stopped) await timer.fire()
  }

  let next = Math.floor(Date.now() / MINUTE_MS) + 1
  const onMinute = () => {
    // A timer of Node.js may be a millisecond early; a suspended machine skips the minutes it missed.
    if (Date.now() >= next * MINUTE_MS) {
      const minute = Math.floor(Date.now() / MINUTE_MS)
      next = minute + 1
      void tick(new Date(minute * MINUTE_MS))
    }
    clock = setTimeout(onMinute, next * MINUTE_MS - Date.now())
  }
  let clock = setTimeout(onMinute, next * MINUTE_MS - Date.now())
  void track(catchUp())

  return {
    tick,
    async stop() {
      stopped = true
      clearTimeout(clock)
      await Promise.all(underWay)
    },
  }
}

class Ticking {
  #busy = false
  #failed = false
  /** When the tick began after which the function said that it has nothing to do until its domain works again. */
  #idleSince: number | undefined

  constructor(
    private readonly timer: Timer,
    private readonly isDue: IsDue,
    private readonly settings: TimerSettings,
  ) {}

  async tick(moment: Date): Promise<void> {
    if (this.#failed || (this.isDue(moment) && !this.#rests())) await this.fire()
  }

  #rests(): boolean {
    if (this.#idleSince === undefined) return false
    return !this.settings.activeSince(this.timer.service, this.#idleSince)
  }

  async fire(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    const { name, service } = this.timer
    const failure = await this.#deliver().catch((error: unknown) => String(error))
    this.#failed = failure !== undefined
    if (failure !== undefined)
      this.settings.onFailure(`the tick of ${name} was not taken by ${service}: ${failure}`)
    this.#busy = false
  }

  /** The event that a PingSource sends: knative.dev/docs, "PingSource". */
  async #deliver(): Promise<string | undefined> {
    const { deliver, namespace } = this.settings
    const headers = {
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-type': 'dev.knative.sources.ping',
      'ce-source': `/apis/v1/namespaces/${namespace}/pingsources/${this.timer.name}`,
      'ce-id': randomUUID(),
      'ce-time': new Date().toISOString(),
    }
    const began = performance.now()
    const answer = await deliver(this.timer.service, { headers, body: '{}', timeoutMs: TIMEOUT_MS })
    const { status } = answer
    this.#idleSince = answer.headers['kiosk-timer'] === 'idle' ? began : undefined
    return status >= 200 && status < 300 ? undefined : `it answered ${status}`
  }
}
