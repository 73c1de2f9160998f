import { Instance, type InstanceSettings } from './instance'
import type { Observation } from './observation'
import type { StartSlots } from './start-slots'

type Untold<O> = O extends Observation ? Omit<O, 'service'> : never

/** What the owner of a fleet wants to know at once. */
export interface FleetEvents {
  /** There is a free instance. */
  ready: () => void
  /** The last hope of those who wait is gone; the next start is allowed in so many milliseconds. */
  hopeless: (retryInMs: number) => void
  observe: (observation: Observation) => void
}

const FIRST_BACKOFF_MS = 1_000
const LONGEST_BACKOFF_MS = 30_000
const EXIT_GRACE_MS = 1_000

/** The processes of one function: started in turn with those of others, replaced when they fail, with back-off. */
export class Fleet {
  readonly instances = new Set<Instance>()
  /** Why the function could not be started, until it is ready again. */
  trouble: string | undefined
  /** How a process of it crashed, until one is ready again. The next request starts another, so it is no trouble yet. */
  lastCrash: string | undefined
  #desired = 0
  /** Instances that wait for their turn to start. */
  #pending = 0
  #serial = 0
  #failures = 0
  #retryAt = 0
  #stopped = false

  constructor(
    private readonly settings: Omit<InstanceSettings, 'name'>,
    private readonly slots: StartSlots,
    private readonly events: FleetEvents,
  ) {}

  get ready(): number {
    return this.#count('ready')
  }

  /** Started or about to be. */
  get starting(): number {
    return this.#count('starting') + this.#pending
  }

  /** Milliseconds until a function that failed to start may be tried again. */
  retryInMs(now: number): number {
    return Math.max(0, this.#retryAt - now)
  }

  /** Starts what is missing, unless it failed a moment ago, and retires the least busy of what is too many. */
  scaleTo(desired: number, now: number): void {
    if (this.#stopped) return
    this.#desired = desired
    const ready = [...this.instances].filter(({ state }) => state === 'ready')
    const idlest = ready.sort((a, b) => a.inFlight - b.inFlight)
    for (const instance of idlest.slice(0, Math.max(0, ready.length - desired))) {
      instance.state = 'stopping'
      this.settle(instance)
    }
    if (this.retryInMs(now) > 0) return
    for (let missing = desired - this.ready - this.starting; missing > 0; missing--) void this.#startInTurn()
  }

  /** To be called when a request was answered: a retired instance ends after its last one. */
  settle(instance: Instance): void {
    if (instance.state === 'stopping' && instance.inFlight === 0) void instance.stop()
  }

  /** Takes an instance out whose port nobody listens on; it is ending, and its exit will say why. */
  abandon(instance: Instance): void {
    if (instance.state !== 'ready') return
    instance.state = 'unreachable'
    setTimeout(() => void instance.stop(), EXIT_GRACE_MS).unref()
  }

  /** Gives nothing more to an instance that broke off an answer until it says that it is well: it may be ending. */
  async doubt(instance: Instance): Promise<void> {
    if (instance.state !== 'ready') return
    instance.state = 'doubted'
    const isHealthy = await instance.isHealthy()
    if (!instance.isDoubted) return
    instance.state = 'ready'
    if (isHealthy) this.events.ready()
    else this.abandon(instance)
  }

  /** Ends every process: SIGTERM, and SIGKILL after the limit. Nothing is started any more. */
  async stop(limitMs: number): Promise<void> {
    this.#stopped = true
    await Promise.all([...this.instances].map((instance) => instance.stop(limitMs)))
  }

  async #startInTurn(): Promise<void> {
    const isFirst = this.ready + this.starting === 0
    this.#pending++
    const done = await this.slots.take(isFirst)
    this.#pending--
    const isWanted = this.ready + this.#count('starting') < this.#desired
    if (isWanted && !this.#stopped) await this.#start()
    done()
  }

  async #start(): Promise<void> {
    const name = `${this.settings.service}-${++this.#serial}`
    try {
      const instance = await this.#begin(name)
      this.#tell({ kind: 'started', instance: name, pid: instance.pid })
      void instance.exited.then(() => this.#ended(instance))
      if (this.#stopped) await instance.stop()
      await instance.becomeReady()
      this.#failures = 0
      this.trouble = undefined
      this.lastCrash = undefined
      this.#tell({
        kind: 'ready',
        instance: name,
        readyMs: Math.round(performance.now() - instance.startedAt),
      })
      this.events.ready()
    } catch (error) {
      if (!this.#stopped) this.#failed(name, (error as Error).message)
    }
  }

  /** Counted as starting before the process is there too, or who comes meanwhile would start another. */
  async #begin(name: string): Promise<Instance> {
    this.#pending++
    try {
      const instance = await Instance.start({ ...this.settings, name })
      this.instances.add(instance)
      return instance
    } finally {
      this.#pending--
    }
  }

  #failed(instance: string, reason: string): void {
    const retryInMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#failures++)
    this.#retryAt = performance.now() + retryInMs
    this.trouble = `${this.settings.service} cannot be started: ${reason}`
    this.#tell({ kind: 'failed-to-start', instance, detail: this.trouble, retryInMs })
    if (this.ready + this.#count('starting') === 0) this.events.hopeless(retryInMs)
  }

  #ended(instance: Instance): void {
    this.instances.delete(instance)
    if (instance.wasAsked) this.#tell({ kind: 'stopped', instance: instance.name })
    else if (instance.wasReady) {
      this.lastCrash = `${this.settings.service} crashed ${instance.ending()}`
      this.#tell({ kind: 'crashed', instance: instance.name, detail: this.lastCrash })
    }
  }

  #count(state: Instance['state']): number {
    let count = 0
    for (const instance of this.instances) if (instance.state === state) count++
    return count
  }

  #tell(observation: Untold<Observation>): void {
    this.events.observe({ service: this.settings.service, ...observation })
  }
}
