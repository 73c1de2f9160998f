import { createHash, randomUUID } from 'node:crypto'
import type { Charge, ChargeRequest, Notice, Refund, RefundRequest } from './charge'
import type { Journal } from './journal'
import type { Entry, Ledger } from './ledger'
import { mannerOf } from './methods'
import { Refusal } from './refusal'

/** An answer, and how it leaves. */
export interface Answer {
  status: number
  body: object
  /** Milliseconds from the decision until it leaves. */
  delayMs?: number
  /** It never leaves: the connection breaks instead. */
  lost?: true
  replayed?: true
}

export interface TillOptions {
  slowMs: number
  noticeDelayMs: number
}

/**
 * Where money is taken and given back.
 *
 * Every decision is made and recorded in one turn of the event loop, so two requests with one key can never both
 * decide, and two refunds can never both find the same money. How an answer leaves (late, or never) comes after.
 */
export class Till {
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(
    readonly ledger: Ledger,
    readonly journal: Journal<Entry>,
    readonly options: TillOptions,
    /** Called with every new notice. */
    readonly announce: (notice: Notice) => void,
  ) {
    for (const [chargeId, at] of ledger.unsettled) this.#settleAt(chargeId, at)
  }

  charge(key: string, request: ChargeRequest): Answer {
    const hash = hashOf('charge', request.amount, request.currency, request.paymentMethod, request.reference)
    const known = this.#known(key, hash)
    if (known) return known

    const manner = mannerOf(request.paymentMethod)
    if (this.ledger.refusals(key) < (manner.unavailable ?? 0)) {
      this.#record({ is: 'unavailable', key })
      throw new Refusal(503, 'unavailable', 'The gateway is busy; try again.')
    }
    const { amount, currency, reference, paymentMethod } = request
    const { status, reason } = manner
    const charge: Charge = {
      ...{ id: idOf('ch'), status, amount, currency, reference, paymentMethod, ...(reason && { reason }) },
      ...{ refunded: 0, createdAt: new Date().toISOString() },
    }
    const entry = { is: 'charge', key, hash, charge } as const
    const delayMs = manner.slow ? this.options.slowMs : 0
    if (status === 'pending') {
      const settlesAt = this.#later(delayMs)
      this.#record({ ...entry, settlesAt })
      this.#settleAt(charge.id, settlesAt)
    } else this.#record({ ...entry, notice: this.#notice(`charge.${status}`, charge, this.#later(delayMs)) })
    return {
      ...{ status: 201, body: charge, delayMs },
      ...(manner.lost && { lost: true }),
    }
  }

  refund(key: string, chargeId: string, { amount, reference }: RefundRequest): Answer {
    const hash = hashOf('refund', chargeId, amount, reference)
    const known = this.#known(key, hash)
    if (known) return known

    const charge = this.ledger.charges.get(chargeId)
    if (!charge) throw new Refusal(404, 'no_such_charge', 'There is no such charge.')
    if (charge.status !== 'captured' || charge.refunded + amount > charge.amount) {
      throw new Refusal(422, 'refund_too_large', 'No more can be refunded than was captured.')
    }
    const refund: Refund = {
      ...{ id: idOf('re'), status: 'refunded', chargeId, amount, currency: charge.currency, reference },
      createdAt: new Date().toISOString(),
    }
    const left = { ...charge, refunded: charge.refunded + amount }
    const notice = { ...this.#notice('charge.refunded', left, this.#later()), refund }
    this.#record({ is: 'refund', key, hash, refund, notice })
    return { status: 201, body: refund }
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #known(key: string, hash: string): Answer | undefined {
    const kept = this.ledger.answers.get(key)
    if (kept && kept.hash !== hash) {
      throw new Refusal(422, 'idempotency_key_reused', 'This Idempotency-Key belongs to another request.')
    }
    return kept && { status: 201, body: kept.body, replayed: true }
  }

  #settleAt(chargeId: string, at: string): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        const charge: Charge = { ...this.ledger.charges.get(chargeId)!, status: 'captured' }
        const notice = this.#notice('charge.captured', charge, new Date().toISOString())
        this.#record({ is: 'settled', chargeId, notice })
      },
      Math.max(0, Date.parse(at) - Date.now()),
    )
    this.#timers.add(timer)
  }

  #record(entry: Entry): void {
    this.ledger.apply(entry)
    this.journal.append(entry)
    if ('notice' in entry) this.announce(entry.notice)
  }

  #notice(type: Notice['type'], data: Charge, dueAt: string): Notice {
    return { id: idOf('msg'), type, data, timestamp: new Date().toISOString(), dueAt }
  }

  /** When the notice of a decision is due whose answer leaves after `delayMs`: never before its answer. */
  #later(delayMs = 0): string {
    return new Date(Date.now() + delayMs + this.options.noticeDelayMs).toISOString()
  }
}

const idOf = (kind: string) => `${kind}_${randomUUID().replaceAll('-', '')}`

const hashOf = (...parts: (string | number)[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64')
