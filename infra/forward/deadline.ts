import { Refused } from './refused'

/** Cuts one request off: when its time is up (504), or when there is another reason to. */
export class Deadline {
  readonly #controller = new AbortController()
  readonly #timer: NodeJS.Timeout

  constructor(timeoutMs: number) {
    this.#timer = setTimeout(() => this.cut(new Refused('late-answer')), timeoutMs)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  cut(reason: Refused): void {
    this.#controller.abort(reason)
  }

  /** The request is over; to be called always. */
  clear(): void {
    clearTimeout(this.#timer)
  }
}
