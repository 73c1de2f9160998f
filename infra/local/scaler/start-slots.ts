import { availableParallelism } from 'node:os'

type Turn = () => void

/**
 * Lets few processes start at a time, in the order they asked: a start is all computing, and more of them at once than
 * there are processors makes every one late. A function that has no instance goes before one that wants another.
 */
export class StartSlots {
  readonly #first: Turn[] = []
  readonly #further: Turn[] = []
  #free: number

  constructor(limit = availableParallelism()) {
    this.#free = limit
  }

  /** Waits for a turn; the answer gives it back. */
  async take(isFirst: boolean): Promise<() => void> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => (isFirst ? this.#first : this.#further).push(resolve))
    let given = false
    return () => {
      if (given) return
      given = true
      const next = this.#first.shift() ?? this.#further.shift()
      if (next) next()
      else this.#free++
    }
  }
}
