import { AsyncLocalStorage } from 'node:async_hooks'

/** Something a process asks of the outside; each is preceded and followed by a moment at which the process may be killed. */
export type Kind = 'statement' | 'commit' | 'rollback' | 'gateway' | 'peer' | 'publish' | 'mail'

interface Action {
  kind: Kind
  label: string
  start: () => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/** A connection that a process holds, and how it breaks when the process is killed. */
export interface Held {
  pid: number
  break: () => Promise<void>
}

const context = new AsyncLocalStorage<Process>()

/** The process that is running here, if it is one of the adversary's. */
export const runningProcess = (): Process | undefined => context.getStore()

const turn = () => new Promise((resume) => setImmediate(resume))

/**
 * One invocation of a function, as a process of its own: nothing it asks of the outside is done until the scheduler lets it
 * go one step further, and at a step it may be killed. From then on it has no effect and no answer reaches it.
 */
export class Process {
  /** True while a step of it is under way: its answer is awaited, or a lock in the database. */
  busy = true
  state: 'alive' | 'ended' | 'killed' = 'alive'
  /** Where it was killed. */
  killedAt: string | undefined
  /** Resolves when it is no longer busy. */
  idle: Promise<void> = Promise.resolve()
  readonly held = new Set<Held>()
  #queue: Action[] = []
  #points = 0
  #changed: () => void = () => undefined

  constructor(
    readonly name: string,
    /** The moment it is killed: 2n is before its nth action, 2n + 1 behind it; none is never. */
    readonly killAt: number | undefined,
    readonly trace: (line: string) => void,
  ) {}

  /** Runs it up to its first action. */
  start(work: () => Promise<void>): void {
    this.busy = true
    const end = () => {
      if (this.state === 'alive') this.state = 'ended'
      this.#changed()
    }
    context.run(this, () => void work().then(end, end))
    this.idle = this.#quiet()
  }

  /** Queues an action; it is done when the scheduler says so. A killed process waits for ever. */
  submit<T>(kind: Kind, label: string, start: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.state === 'killed') return
      this.#queue.push({ kind, label, start, resolve: resolve as (value: unknown) => void, reject })
      this.#changed()
    })
  }

  /** What was asked for without waiting for the scheduler; a process that was killed meanwhile never hears of it. */
  async unlessKilled<T>(asked: Promise<T>, discard: (value: T) => void): Promise<T> {
    const value = await asked
    if (this.state !== 'killed') return value
    discard(value)
    return new Promise(() => undefined)
  }

  /** Lets it go one step: one action, or all statements that it has sent without waiting, up to a commit. */
  step(): void {
    this.busy = true
    const [first, ...others] = this.#queue
    const end = first?.kind === 'statement' ? others.findIndex(({ kind }) => kind !== 'statement') : 0
    const batch = this.#queue.splice(0, end < 0 ? this.#queue.length : end + 1)
    this.idle = this.#run(batch)
  }

  async #run(batch: readonly Action[]): Promise<void> {
    const answers: Promise<void>[] = []
    for (const action of batch) {
      const point = 2 * this.#points++
      if (this.killAt === point) return this.#kill(`before ${action.label}`, answers)
      this.trace(`${this.name}: ${action.label}`)
      if (this.killAt === point + 1) {
        return this.#kill(`behind ${action.label}`, [...answers, this.#ask(action, true)])
      }
      answers.push(this.#ask(action, false))
    }
    await Promise.all(answers)
    await this.#quiet()
  }

  async #ask({ start, resolve, reject }: Action, isLost: boolean): Promise<void> {
    try {
      const value = await start()
      if (!isLost) resolve(value)
    } catch (error) {
      if (!isLost) reject(error)
    }
  }

  /** As by kill -9: what was sent before is answered, nobody hears it, and the connections break. */
  async #kill(where: string, sent: readonly Promise<void>[]): Promise<void> {
    await Promise.all(sent)
    this.state = 'killed'
    this.killedAt = where
    this.trace(`${this.name}: KILLED ${where}`)
    this.#queue = []
    await Promise.all([...this.held].map((connection) => connection.break()))
    this.busy = false
  }

  /** Waits until it has asked for something more, or has ended. */
  async #quiet(): Promise<void> {
    await turn()
    while (this.#queue.length === 0 && this.state === 'alive') {
      await new Promise<void>((resume) => (this.#changed = resume))
      await turn()
    }
    this.busy = false
  }
}
