import type { Answer, Order } from '../client'
import type { Insisted } from './insist'

/** What customers tried and what they were answered. */
export class Tried {
  /** By Idempotency-Key: every order it was answered with, and what it was to be paid with. */
  readonly orders = new Map<string, { orderIds: Set<string>; statuses: Set<number>; method: string }>()
  readonly others = new Map<string, number>()
  readonly carts = { used: 0, away: 0 }
  requests = 0
  repeated = 0

  ordered(key: string, method: string, answers: readonly Insisted<Order>[]): void {
    const known = this.orders.get(key) ?? { orderIds: new Set(), statuses: new Set(), method }
    for (const { status, body, tries } of answers) {
      this.requests += tries
      this.repeated += tries - 1
      known.statuses.add(status)
      if (status === 201) known.orderIds.add(body.orderId)
      else this.other(`order ${(body as { type?: string }).type?.split('/').at(-1) ?? ''}`, status)
    }
    this.repeated += answers.length - 1
    this.orders.set(key, known)
  }

  cart(worked: boolean): void {
    this.carts[worked ? 'used' : 'away']++
  }

  other(what: string, status: Answer['status']): void {
    const name = `${what} ${status}`
    this.others.set(name, (this.others.get(name) ?? 0) + 1)
  }

  /** Keys that were answered with an order. */
  get placed(): string[] {
    return [...this.orders.values()].flatMap(({ orderIds }) => [...orderIds])
  }

  /** What no repetition of a request may do. */
  violations(): string[] {
    return [...this.orders].flatMap(([key, { orderIds, statuses }]) => [
      ...(orderIds.size > 1
        ? [`the key ${key} was answered with several orders: ${[...orderIds].join(', ')}`]
        : []),
      ...(statuses.size > 1 ? [`the key ${key} was answered with ${[...statuses].join(' and ')}`] : []),
    ])
  }
}
