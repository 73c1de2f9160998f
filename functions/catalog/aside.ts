import { openCache, type Cache } from '#runtime/cache'
import type { Environment } from '#runtime/operation'

const TIMEOUT_MS = 150
const PAUSE_MS = 1_000

/**
 * Redis as something that stands beside the database and may be away: who asks it while it is waits for 150 ms at most
 * and is told nothing, and for the second after that it is not asked.
 */
export class Aside {
  readonly #underWay = new Map<string, Promise<unknown>>()
  #awayUntil = 0

  constructor(private readonly cache: Cache) {}

  /** Undefined when Redis did not answer. */
  async ask<T>(question: (cache: Cache) => Promise<T>): Promise<T | undefined> {
    if (performance.now() < this.#awayUntil) return undefined
    try {
      return await question(this.cache)
    } catch {
      this.#awayUntil = performance.now() + PAUSE_MS
      return undefined
    }
  }

  /** Of many who want the same at once in this process one works for it and all get the answer; processes are few. */
  together<T>(key: string, work: () => Promise<T>): Promise<T> {
    const underWay = this.#underWay.get(key) as Promise<T> | undefined
    if (underWay) return underWay
    const begun = work().finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, begun)
    return begun
  }
}

export const openAside = (env: Environment): Aside => new Aside(openCache(env, { timeoutMs: TIMEOUT_MS }))
