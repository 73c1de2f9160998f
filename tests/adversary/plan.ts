import { randomFrom } from '../support/bus'

/** What one customer wants. */
export interface OrderPlan {
  /** Tells its decisions apart from others', whatever is left out. */
  id: number
  lines: { sku: number; quantity: number }[]
  method?: string
  /** Further tries to pay, by method. */
  pays: string[]
  cancels: boolean
  ships: boolean
  /** Who sends back how much of it, and when it is delivered. */
  returns: 'none' | 'a-piece' | 'all'
}

/** Everything that one seed decides before it begins; what comes while it runs is decided by `chance`. */
export interface Plan {
  seed: number
  /** On hand at the beginning, by item. */
  stock: number[]
  /** Goods that a warehouse tells of. */
  receipts: { sku: number; quantity: number }[]
  orders: OrderPlan[]
  /** How many processes may run at the same moment. */
  atOnce: number
  /** Whether events are brought late or again. */
  repeats: boolean
  /** How often a process is killed, of 1. */
  kills: number
  /** Kills that are left out. */
  spared: readonly string[]
  /** Whether the deadline passes for those who have not paid. */
  deadline: boolean
}

/** Each item's price, minor units. */
export const PRICES = [450, 1999]

const METHODS = ['pm_approve', 'pm_approve', 'pm_decline', 'pm_lost_answer', 'pm_notice', 'pm_flaky']

/** A number from 0 up to 1 that depends on the seed and what is asked, and on nothing that happened before. */
export function chance(seed: number, about: string): number {
  let hash = 0x811c9dc5 ^ seed
  for (const character of about) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193)
  return randomFrom(hash)()
}

/** What a seed means. */
export function planOf(seed: number): Plan {
  const pick = <T>(about: string, of: readonly T[]) => of[Math.floor(chance(seed, about) * of.length)]!
  const count = 1 + Math.floor(chance(seed, 'orders') * 3)
  const maybe = (about: string, share: number) => chance(seed, about) < share
  const orders = Array.from({ length: count }, (_, id): OrderPlan => {
    const about = `order ${id}`
    const paysLater = maybe(`${about} later`, 0.3)
    const lines = [0, 1]
      .filter((sku) => sku === id % 2 || maybe(`${about} line ${sku}`, 0.4))
      .map((sku) => ({ sku, quantity: pick(`${about} quantity ${sku}`, [1, 1, 2]) }))
    return {
      id,
      lines,
      ...(!paysLater && { method: pick(`${about} method`, METHODS) }),
      pays: maybe(`${about} pays`, paysLater ? 0.8 : 0.25) ? [pick(`${about} pays with`, METHODS)] : [],
      cancels: maybe(`${about} cancels`, 0.3),
      ships: maybe(`${about} ships`, 0.6),
      returns: pick(`${about} returns`, ['none', 'a-piece', 'all']),
    }
  })
  return {
    seed,
    stock: [0, 1].map((sku) => pick(`stock ${sku}`, [1, 2, 4])),
    receipts: maybe('receipt', 0.4) ? [{ sku: 0, quantity: pick('received', [1, 3]) }] : [],
    orders,
    atOnce: pick('at once', [1, 2, 3, 4]),
    repeats: maybe('repeats', 0.9),
    kills: pick('kills', [0, 0.15, 0.15, 0.35]),
    spared: [],
    deadline: maybe('deadline', 0.25),
  }
}
