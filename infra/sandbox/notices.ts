import type { Notice } from './charge'
import { signed } from './signature'

export interface NoticesOptions {
  url: string
  secret: string
  /** Resolves when what a notice tells of is on the disk. */
  settled: () => Promise<void>
  /** Called when the shop has taken a notice. */
  delivered: (noticeId: string) => void
  /** The time that signatures say; the system's when not given. */
  now?: () => Date
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000
const TIMEOUT_MS = 10_000
const AT_ONCE = 8

/**
 * Sends notices until the shop answers 2xx, each with growing pauses and never in a promised order. It sends a notice
 * again whose answer it did not see: the shop knows notices by their id.
 */
export class Notices {
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #waiting: (() => void)[] = []
  readonly #stopping = new AbortController()
  #underWay = 0

  constructor(readonly options: NoticesOptions) {}

  add(notice: Notice): void {
    this.#sendAfter(Date.parse(notice.dueAt) - Date.now(), notice, FIRST_PAUSE_MS)
  }

  stop(): void {
    this.#stopping.abort()
    this.#waiting.length = 0
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #sendAfter(delayMs: number, notice: Notice, pauseMs: number): void {
    if (this.#stopping.signal.aborted) return
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        this.#inTurn(() => this.#send(notice, pauseMs))
      },
      Math.max(0, delayMs),
    )
    this.#timers.add(timer)
  }

  #inTurn(work: () => Promise<void>): void {
    if (this.#underWay >= AT_ONCE) {
      this.#waiting.push(() => this.#inTurn(work))
      return
    }
    this.#underWay++
    void work().finally(() => {
      this.#underWay--
      this.#waiting.shift()?.()
    })
  }

  /** Never rejects. */
  async #send(notice: Notice, pauseMs: number): Promise<void> {
    if (await this.#taken(notice)) this.options.delivered(notice.id)
    else this.#sendAfter(pauseMs, notice, Math.min(pauseMs * 2, LONGEST_PAUSE_MS))
  }

  async #taken({ id, type, timestamp, data, refund }: Notice): Promise<boolean> {
    const { url, secret, settled, now = () => new Date() } = this.options
    const body = JSON.stringify({ type, timestamp, data, ...(refund && { refund }) })
    try {
      await settled()
      const headers = { 'content-type': 'application/json', ...signed(secret, id, now(), body) }
      const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(TIMEOUT_MS)])
      const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
      await response.arrayBuffer()
      return response.ok && !this.#stopping.signal.aborted
    } catch {
      return false
    }
  }
}
