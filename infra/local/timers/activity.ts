import type { FunctionService } from '../manifests/manifests'

/** When something was last under way in each domain, so that its timers need not tick while it rests. */
export class Activity {
  readonly #domainOf: Map<string, string>
  readonly #last = new Map<string, number>()

  constructor(services: readonly FunctionService[]) {
    this.#domainOf = new Map(services.map(({ name, domain }) => [name, domain]))
  }

  /** Runs a request or delivery to a function; its domain is active from its beginning to its end. */
  async during<T>(service: string, work: () => Promise<T>): Promise<T> {
    this.#touch(service)
    try {
      return await work()
    } finally {
      this.#touch(service)
    }
  }

  /** Whether a function of the same domain was at work at or after a moment of `performance.now()`. */
  since(service: string, moment: number): boolean {
    return (this.#last.get(this.#domainOf.get(service) ?? '') ?? -Infinity) >= moment
  }

  #touch(service: string): void {
    const domain = this.#domainOf.get(service)
    if (domain !== undefined) this.#last.set(domain, performance.now())
  }
}
