import { CALM, decide, type Panic, type Scale } from './autoscaler'
import { ConcurrencyMeter } from './concurrency'
import { Fleet } from './fleet'
import type { Instance, InstanceSettings } from './instance'
import type { Observation } from './observation'
import { SlotQueue } from './queue'
import { NotSent, Refused } from '../../forward/refused'
import type { StartSlots } from './start-slots'

/** How a function stands, for the console and for health. */
export interface FunctionState {
  name: string
  ready: number
  starting: number
  inFlight: number
  queued: number
  /** How often it was started from nothing. */
  coldStarts: number
  /** From the request that found nothing to the first ready instance. */
  lastColdStartMs?: number
  /** Why it could not be started, until it is ready again. */
  trouble?: string
  /** How a process of it crashed, until one is ready again; by itself no trouble, since a request starts another. */
  lastCrash?: string
}

/** One function: who waits for it, how many instances there should be, and those there are. */
export class Revision {
  readonly #queue: SlotQueue<Instance>
  readonly #meter: ConcurrencyMeter
  readonly #fleet: Fleet
  #panic: Panic = CALM
  #coldStarts = 0
  #coldSince: number | undefined
  #lastColdStartMs: number | undefined
  #stopped = false

  constructor(
    private readonly scale: Scale,
    private readonly settings: Omit<InstanceSettings, 'name'>,
    slots: StartSlots,
    observe: (observation: Observation) => void,
  ) {
    this.#meter = new ConcurrencyMeter(scale.windowSeconds, performance.now())
    this.#fleet = new Fleet(settings, slots, {
      ready: () => this.#becameReady(),
      hopeless: (retryInMs) => this.#queue.refuseAll(unavailable(retryInMs)),
      observe,
    })
    this.#queue = new SlotQueue(() => this.#fleet.instances, scale.containerConcurrency)
  }

  /**
   * Gives `use` an instance and takes its slot back afterwards; waits for one, and starts the first. `use` is called
   * again only when its request was certainly not sent.
   */
  async withInstance<T>(signal: AbortSignal, use: (instance: Instance) => Promise<T>): Promise<T> {
    this.#meter.change(1, performance.now())
    try {
      for (;;) {
        this.#wake()
        const instance = await this.#queue.take(signal)
        try {
          return await use(instance)
        } catch (error) {
          if (error instanceof Refused && error.kind === 'broken-answer') void this.#fleet.doubt(instance)
          if (!(error instanceof NotSent)) throw error
          this.#fleet.abandon(instance)
        } finally {
          this.#queue.release(instance)
          this.#fleet.settle(instance)
        }
      }
    } finally {
      this.#meter.change(-1, performance.now())
    }
  }

  /** Decides anew how many instances there should be, and starts or stops some; to be called every second or so. */
  tick(): void {
    if (this.#stopped) return
    const now = performance.now()
    const { windowSeconds } = this.scale
    const load = {
      current: this.#meter.level,
      stable: this.#meter.average(windowSeconds, now),
      recent: this.#meter.average(windowSeconds / 10, now),
      idleMs: this.#meter.idleMs(now),
      ready: this.#fleet.ready,
    }
    const { desired, panic } = decide(this.scale, load, this.#panic, now)
    this.#panic = panic
    this.#fleet.scaleTo(desired, now)
  }

  state(): FunctionState {
    const { ready, starting, trouble, lastCrash, instances } = this.#fleet
    return {
      name: this.settings.service,
      ready,
      starting,
      inFlight: [...instances].reduce((sum, instance) => sum + instance.inFlight, 0),
      queued: this.#queue.length,
      coldStarts: this.#coldStarts,
      ...(this.#lastColdStartMs !== undefined && { lastColdStartMs: this.#lastColdStartMs }),
      ...(trouble !== undefined && { trouble }),
      ...(lastCrash !== undefined && { lastCrash }),
    }
  }

  /** Takes no more requests, lets those under way finish within the limit, and ends every process. */
  async stop(limitMs: number): Promise<void> {
    this.#stopped = true
    this.#queue.refuseAll(unavailable(1_000))
    await this.#fleet.stop(limitMs)
  }

  #wake(): void {
    if (this.#stopped) throw unavailable(1_000)
    if (this.#fleet.ready + this.#fleet.starting > 0) return
    const now = performance.now()
    const retryInMs = this.#fleet.retryInMs(now)
    if (retryInMs > 0) throw unavailable(retryInMs)
    this.#coldStarts++
    this.#coldSince = now
    this.#meter.restart(now)
    this.tick()
  }

  #becameReady(): void {
    if (this.#coldSince !== undefined) this.#lastColdStartMs = Math.round(performance.now() - this.#coldSince)
    this.#coldSince = undefined
    this.#queue.serve()
  }
}

const unavailable = (retryInMs: number) =>
  new Refused('unavailable', { 'Retry-After': String(Math.ceil(retryInMs / 1000)) })
