/**
 * How many requests were under way or waiting, averaged over time: a request of 100 ms counts a tenth of one of a
 * second. Kept by the second, as far back as the longest window asked for.
 */
export class ConcurrencyMeter {
  readonly #areas: Float64Array
  #level = 0
  #since: number
  #begin: number
  #lastBusy = Number.NEGATIVE_INFINITY

  constructor(windowSeconds: number, now: number) {
    this.#areas = new Float64Array(Math.ceil(windowSeconds) + 1)
    this.#since = now
    this.#begin = now
  }

  /** Right now. */
  get level(): number {
    return this.#level
  }

  /** A request came (+1) or was answered (-1) at `now`, in milliseconds. */
  change(delta: number, now: number): void {
    this.#advance(now)
    this.#level += delta
    this.#lastBusy = now
  }

  /** Milliseconds since the last request ended; 0 while there is one, infinite when there was none. */
  idleMs(now: number): number {
    return this.#level > 0 ? 0 : now - this.#lastBusy
  }

  /** The average of the last `seconds`, or of its whole life while that is shorter (but at least a second). */
  average(seconds: number, now: number): number {
    this.#advance(now)
    const lived = Math.max(1, (now - this.#begin) / 1000)
    const buckets = Math.min(Math.max(1, Math.round(seconds)), this.#areas.length - 1)
    const current = Math.floor(now / 1000)
    const partial = (now / 1000) % 1
    let area = 0
    for (let back = 0; back < buckets; back++) area += this.#areas[this.#slot(current - back)]!
    area += this.#areas[this.#slot(current - buckets)]! * (1 - partial)
    return area / Math.min(lived, buckets)
  }

  /** Forgets the past, so that a function started anew is not judged by its former life. */
  restart(now: number): void {
    this.#advance(now)
    this.#areas.fill(0)
    this.#begin = now
  }

  #advance(now: number): void {
    const earliest = (Math.floor(now / 1000) - this.#areas.length + 1) * 1000
    if (this.#since < earliest) {
      this.#areas.fill(this.#level)
      this.#since = Math.floor(now / 1000) * 1000
      this.#areas[this.#slot(this.#since / 1000)] = 0
    }
    while (this.#since < now) {
      const second = Math.floor(this.#since / 1000)
      const until = Math.min(now, (second + 1) * 1000)
      this.#areas[this.#slot(second)]! += (this.#level * (until - this.#since)) / 1000
      this.#since = until
      if (until % 1000 === 0) this.#areas[this.#slot(until / 1000)] = 0
    }
  }

  /** The seconds before the clock began are slots too, which are empty. */
  #slot(second: number): number {
    const { length } = this.#areas
    return ((second % length) + length) % length
  }
}
