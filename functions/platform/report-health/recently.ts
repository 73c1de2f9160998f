import type { Clock } from '#runtime/clock'

/** What was found out `milliseconds` ago or less is not found out again; who asks meanwhile waits for the same. */
export class Recently<T> {
  #found: { at: number; value: Promise<T> } | undefined

  constructor(private readonly milliseconds: number) {}

  get(clock: Clock, find: () => Promise<T>): Promise<T> {
    const now = clock.now().getTime()
    if (!this.#found || now - this.#found.at >= this.milliseconds) this.#found = { at: now, value: find() }
    return this.#found.value
  }
}
