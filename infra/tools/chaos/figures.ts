import type { Books } from './books'
import type { Done } from './faults'
import { nameOf } from './plan'
import type { Rest } from './rest'
import type { Tried } from './tally'

/** What a run came to. */
export interface Figures {
  seed: number
  loadSeconds: number
  orders: Record<string, number>
  payments: Record<string, Record<string, number>>
  money: { captured: number; refunded: number; cost: number }
  requests: { orders: number; repeated: number; keys: number; others: Record<string, number> }
  carts: Tried['carts']
  mails: { sent: number; copies: number }
  events: number
  faults: { what: string; done: number }[]
  faultsDone: number
  /** From the end of a fault to the first order that was placed after it and is confirmed, milliseconds. */
  recovery: { median: number; max: number; slowest: string }
  restSeconds: number
  redriven: number
  violations: string[]
}

export function figuresOf(run: {
  seed: number
  loadMs: number
  books: Books
  done: readonly Done[]
  rests: readonly Rest[]
  tried: Tried
}): Figures {
  const { seed, loadMs, books, done, rests, tried } = run
  const { facts, charges, mails } = books
  const struck = done.filter(({ to }) => to !== undefined)
  const sum = (of: (charge: (typeof charges)[0]) => number) =>
    charges.filter(({ status }) => status === 'captured').reduce((total, one) => total + of(one), 0)
  const [captured, refunded] = [sum(({ amount }) => amount), sum((charge) => charge.refunded)]
  const ended = new Map(facts.orders.map(({ id, status }) => [id, status]))
  const payments: Figures['payments'] = {}
  for (const { orderIds, method } of tried.orders.values()) {
    for (const id of orderIds) count((payments[method] ??= {}), ended.get(id) ?? 'lost')
  }
  return {
    seed,
    loadSeconds: loadMs / 1000,
    orders: counted(facts.orders.map(({ status }) => status)),
    payments,
    money: { captured, refunded, cost: captured - refunded },
    requests: {
      ...{ orders: tried.requests, repeated: tried.repeated, keys: tried.orders.size },
      others: Object.fromEntries([...tried.others].sort()),
    },
    carts: tried.carts,
    mails: { sent: mails.sent, copies: mails.copies },
    events: books.events,
    faults: Object.entries(counted(struck.map(({ fault }) => nameOf(fault)))).map(([what, number]) => ({
      what,
      done: number,
    })),
    faultsDone: struck.length,
    recovery: recoveryOf(struck, books.purchases),
    restSeconds: rests.reduce((total, { tookMs }) => total + tookMs, 0) / 1000,
    redriven: rests.reduce((total, rest) => total + rest.redriven, 0),
    violations: [
      ...rests.flatMap(({ left }) => left.map((what) => `not at rest: ${what}`)),
      ...books.violations,
    ],
  }
}

function recoveryOf(struck: readonly Done[], purchases: Books['purchases']): Figures['recovery'] {
  const times = struck.flatMap(({ fault, endedAt }) => {
    const after = purchases.filter(({ placedAt }) => placedAt >= endedAt)
    if (after.length === 0) return []
    return [{ ms: Math.min(...after.map(({ confirmedAt }) => confirmedAt)) - endedAt, what: nameOf(fault) }]
  })
  const sorted = times.sort((one, other) => one.ms - other.ms)
  const last = sorted.at(-1)
  return {
    median: sorted[Math.floor(sorted.length / 2)]?.ms ?? 0,
    max: last?.ms ?? 0,
    slowest: last?.what ?? 'none',
  }
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of [...names].sort()) count(counts, name)
  return counts
}

const count = (counts: Record<string, number>, name: string) => (counts[name] = (counts[name] ?? 0) + 1)
