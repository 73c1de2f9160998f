import type { Caller } from './caller'
import type { Tx } from './database'
import type { Opened } from './function'
import {
  hashOf,
  idempotencyKey,
  isAlreadyAnswered,
  lockRequest,
  storeAnswer,
  storeAnswerAlone,
  storedAnswer,
  type Answer,
  type RepeatableRequest,
} from './idempotency'
import type { Problem } from './problem'
import type { Reply } from './reply'
import type { RawRequest } from './request'
import { isProblem } from './respond'

const REPLAYED = { 'Idempotent-Replayed': 'true' }

/**
 * One request that may be a repetition of an earlier one.
 *
 * The first answer, a refusal by the shop included, is stored with the facts it tells of and given again for 24 hours.
 * A request that was refused at the door (bad input, no token) did nothing and does not use up its key.
 */
export class Repetition {
  readonly key: string | undefined
  readonly #request: RepeatableRequest | undefined
  #stored = false

  constructor(
    readonly opened: Opened<unknown>,
    request: RawRequest,
    content: string | Buffer,
    caller: Caller,
    readonly traceId: string,
  ) {
    const { operation } = opened
    if (!operation.idempotent) return
    this.key = idempotencyKey(request.headers['idempotency-key'], operation.idempotent === 'required')
    if (this.key === undefined) return
    const scope = `${operation.name}:${caller.kind}:${caller.id}`
    this.#request = { scope, key: this.key, hash: hashOf(request.method, request.path, content) }
  }

  /**
   * Answers from the store, or runs `work` and stores what it answers. What `work` refuses because an equal request has
   * just done it is no refusal: the other's answer is given.
   */
  async answer(work: () => Promise<Reply>): Promise<Reply> {
    const { database, cache } = this.opened
    const request = this.#request
    if (!request || !database) return work()

    const known = await storedAnswer(database, request)
    if (known) return replayed(known)

    const unlock = cache ? await lockRequest(cache, request) : undefined
    try {
      const reply = await work()
      if (!this.#stored) await storeAnswerAlone(database, request, answerOf(reply))
      return reply
    } catch (error) {
      if (isAlreadyAnswered(error)) return replayed((await storedAnswer(database, request))!)
      if (isProblem(error) && isFinal(error)) {
        const meanwhile = await storedAnswer(database, request)
        if (meanwhile) return replayed(meanwhile)
        const headers = { 'Content-Type': 'application/problem+json', ...error.headers }
        const body = error.document(this.traceId)
        await storeAnswerAlone(database, request, { status: error.status, headers, body })
      }
      throw error
    } finally {
      await unlock?.()
    }
  }

  /** Stores a handler's answer in the transaction that made it true; called before each commit. */
  store(tx: Tx, result: unknown): void {
    if (!this.#request || !isReply(result)) return
    storeAnswer(tx, this.#request, answerOf(result))
    this.#stored = true
  }
}

const replayed = ({ status, headers, body }: Answer): Reply => ({
  status,
  headers: { ...headers, ...REPLAYED },
  ...(body !== null && { body }),
})

const answerOf = ({ status, headers = {}, body }: Reply): Answer => ({ status, headers, body: body ?? null })

const isReply = (value: unknown): value is Reply =>
  typeof value === 'object' && value !== null && typeof (value as Reply).status === 'number'

/** "Try again later" is not an answer to keep: one with `Retry-After` will be another the next time. */
const isFinal = ({ status, headers }: Problem) =>
  status < 500 && status !== 429 && !('Retry-After' in headers)
