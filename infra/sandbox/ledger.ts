import type { Charge, Notice, Refund } from './charge'

/** Everything that can happen at the gateway; each is one line of its journal and happens as a whole. */
export type Entry =
  | { is: 'charge'; key: string; hash: string; charge: Charge; settlesAt?: string; notice?: Notice }
  | { is: 'settled'; chargeId: string; notice: Notice }
  | { is: 'refund'; key: string; hash: string; refund: Refund; notice: Notice }
  | { is: 'unavailable'; key: string }
  | { is: 'delivered'; noticeId: string }

/** The first answer to an Idempotency-Key, and the hash of the request it belongs to. */
export interface KeptAnswer {
  hash: string
  body: Charge | Refund
}

/** What the gateway knows: the sum of the entries of its journal. It decides nothing. */
export class Ledger {
  readonly charges = new Map<string, Charge>()
  readonly refunds = new Map<string, Refund[]>()
  readonly answers = new Map<string, KeptAnswer>()
  /** Charges that are still pending, by id, and when each is captured. */
  readonly unsettled = new Map<string, string>()
  /** Notices that the shop has not taken yet. */
  readonly undelivered = new Map<string, Notice>()
  readonly totals = { captured: 0, refunded: 0 }
  readonly #byReference = new Map<string, string[]>()
  readonly #unavailable = new Map<string, number>()

  apply(entry: Entry): void {
    if ('notice' in entry) this.undelivered.set(entry.notice.id, entry.notice)
    if (entry.is === 'charge') this.#charge(entry)
    else if (entry.is === 'settled') this.#settled(entry)
    else if (entry.is === 'refund') this.#refund(entry)
    else if (entry.is === 'unavailable') this.#unavailable.set(entry.key, this.refusals(entry.key) + 1)
    else this.undelivered.delete(entry.noticeId)
  }

  /** How often a key was answered 503. */
  refusals(key: string): number {
    return this.#unavailable.get(key) ?? 0
  }

  /** The charges of a reference, or all of them, oldest first. */
  chargesOf(reference: string | null): Charge[] {
    if (reference === null) return [...this.charges.values()]
    return (this.#byReference.get(reference) ?? []).map((id) => this.charges.get(id)!)
  }

  /** Every refund, of whatever charge, oldest first. */
  allRefunds(): Refund[] {
    return [...this.refunds.values()].flat().sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
  }

  /** The refunds of a charge, those of a reference or all of them, oldest first. */
  refundsOf(chargeId: string, reference: string | null): Refund[] {
    const refunds = this.refunds.get(chargeId) ?? []
    return reference === null ? refunds : refunds.filter((refund) => refund.reference === reference)
  }

  #charge({ key, hash, charge, settlesAt }: Extract<Entry, { is: 'charge' }>) {
    this.answers.set(key, { hash, body: charge })
    this.charges.set(charge.id, charge)
    const ids = this.#byReference.get(charge.reference) ?? []
    this.#byReference.set(charge.reference, [...ids, charge.id])
    if (settlesAt) this.unsettled.set(charge.id, settlesAt)
    if (charge.status === 'captured') this.totals.captured += charge.amount
  }

  #settled({ chargeId, notice }: Extract<Entry, { is: 'settled' }>) {
    this.unsettled.delete(chargeId)
    this.charges.set(chargeId, notice.data)
    this.totals.captured += notice.data.amount
  }

  #refund({ key, hash, refund, notice }: Extract<Entry, { is: 'refund' }>) {
    this.answers.set(key, { hash, body: refund })
    this.charges.set(refund.chargeId, notice.data)
    this.refunds.set(refund.chargeId, [...(this.refunds.get(refund.chargeId) ?? []), refund])
    this.totals.refunded += refund.amount
  }
}
