import {
  eventsAndRowsOfOrders,
  eventsAndRowsOfPayments,
  eventsAndRowsOfStock,
  type EventsAndRows,
} from './events-and-rows'
import type { Facts } from './facts'

/** An event that was sent, whoever sent it. */
export interface Sent {
  type: string
  source: string
}

/** What each event tells, and which rows say the same: neither without the other, and each once. */
export function eventsWithoutFacts(
  facts: Facts,
  /** Every event that was sent, by its id. */
  sent: ReadonlyMap<string, Sent>,
  /** The version of a level before anything was told of it. */
  firstVersion: number,
): string[] {
  const compared = [
    ...eventsAndRowsOfOrders(facts),
    ...eventsAndRowsOfStock(facts, firstVersion),
    ...eventsAndRowsOfPayments(facts),
  ]
  return [
    ...compared.flatMap(differences),
    ...notAsSent(facts.announced, sent),
    ...facts.orders.flatMap(repeatedDeclines),
  ]
}

/** What was announced was sent, and what orders, stock and payments sent was announced. */
function notAsSent(announced: Facts['announced'], sent: ReadonlyMap<string, Sent>): string[] {
  const known = new Set(announced.map(({ id }) => id))
  const fromHere = [...sent].filter(([, { source }]) => /\/(orders|stock|payments)$/.test(source))
  return [
    ...announced
      .filter(({ id }) => !sent.has(id))
      .map(({ id, type }) => `${type} was never sent (event ${id})`),
    ...fromHere
      .filter(([id]) => !known.has(id))
      .map(([id, { type }]) => `${type} was sent, but never happened (event ${id})`),
  ]
}

function differences({ name, events, rows }: EventsAndRows): string[] {
  const [one, other] = [[...events].sort(), [...rows].sort()]
  if (JSON.stringify(one) === JSON.stringify(other)) return []
  return [`${name}: ${without(one, other, 'events')}; ${without(other, one, 'tables')}`]
}

/** What one side says that the other does not, or says more often. */
function without(side: readonly string[], other: readonly string[], name: string): string {
  const left = new Map<string, number>()
  for (const key of other) left.set(key, (left.get(key) ?? 0) + 1)
  const only = side.filter((key) => {
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count <= 0
  })
  return `only the ${name} tell [${only.join(', ')}]`
}

function repeatedDeclines({ id, steps }: Facts['orders'][number]): string[] {
  const declines = steps.filter((name) => /declined/.test(name))
  return new Set(declines).size === declines.length ? [] : [`order ${id} notes a decline twice`]
}
