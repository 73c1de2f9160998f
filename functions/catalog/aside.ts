import { openCache, type Cache } from '#runtime/cache'
import type { Environment } from '#runtime/operation'

/** One failure is enough: nobody needs what Redis knows. */
const BOUNDS = { timeoutMs: 150, failures: 1, openMs: 1_000 }

/**
 * Redis as something that stands beside the database and may be away: who asks it while it is waits for 150 ms at most
 * and is told nothing, and for the second after that it is not asked.
 */
export class Aside {
  readonly #underWay = new Map<string, Promise<unknown>>()

  constructor(private readonly cache: Cache) {}

  /** Undefined when Redis did not answer. */
  async ask<T>(question: (cache: Cache) => Promise<T>): Promise<T | undefined> {
    try {
      return await question(this.cache)
    } catch {
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

export const openAside = (env: Environment): Aside => new Aside(openCache(env, BOUNDS))
