import type { Instance as Process } from './instance'
import { Refused } from '../../forward/refused'

/** As much of an instance as the queue needs. */
type Instance = Pick<Process, 'state' | 'inFlight'>

interface Waiter<I> {
  signal: AbortSignal
  give: (instance: I) => void
  refuse: (reason: Error) => void
}

const MOST_WAITING = 10_000

/**
 * Hands out the free slots of a function's instances, first come first served, as Knative's activator does: no instance
 * is given more requests at once than `containerConcurrency` (0 is no limit), and the least busy one comes first.
 */
export class SlotQueue<I extends Instance> {
  #waiters: Waiter<I>[] = []
  #head = 0
  #waiting = 0

  constructor(
    private readonly instances: () => Iterable<I>,
    private readonly containerConcurrency: number,
    private readonly mostWaiting = MOST_WAITING,
  ) {}

  get length(): number {
    return this.#waiting
  }

  /** A slot now or later. Refused when too many wait already; the signal's reason when it is aborted first. */
  async take(signal: AbortSignal): Promise<I> {
    signal.throwIfAborted()
    const free = this.#waiting === 0 ? this.#leastBusy() : undefined
    if (free) {
      free.inFlight++
      return free
    }
    if (this.#waiting >= this.mostWaiting) throw new Refused('unavailable', { 'Retry-After': '1' })
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting--
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', leave, { once: true })
      const settled = () => {
        this.#waiting--
        signal.removeEventListener('abort', leave)
      }
      const give = (instance: I) => {
        settled()
        instance.inFlight++
        resolve(instance)
      }
      const refuse = (reason: Error) => {
        settled()
        reject(reason)
      }
      this.#waiting++
      this.#waiters.push({ signal, give, refuse })
    })
  }

  /** Gives a slot back; the longest waiting request gets it. */
  release(instance: I): void {
    instance.inFlight--
    this.serve()
  }

  /** Gives out what is free; to be called when an instance became ready. */
  serve(): void {
    while (this.#waiting > 0) {
      const free = this.#leastBusy()
      if (!free) return
      this.#next()?.give(free)
    }
    this.#waiters = []
    this.#head = 0
  }

  /** Sends everyone who waits away. */
  refuseAll(reason: Error): void {
    for (let waiter = this.#next(); waiter; waiter = this.#next()) waiter.refuse(reason)
  }

  #next(): Waiter<I> | undefined {
    while (this.#head < this.#waiters.length) {
      const waiter = this.#waiters[this.#head++]!
      if (!waiter.signal.aborted) return waiter
    }
    return undefined
  }

  #leastBusy(): I | undefined {
    let best: I | undefined
    for (const instance of this.instances()) {
      const full = this.containerConcurrency > 0 && instance.inFlight >= this.containerConcurrency
      if (instance.state !== 'ready' || full) continue
      if (!best || instance.inFlight < best.inFlight) best = instance
    }
    return best
  }
}
