import { between, randomFrom, shuffled } from './random'

/** What each kind of fault is done to; to functions more often, since there are many. A node is a third of them at once. */
export const TARGETS = {
  kill: ['function', 'node', 'function', 'node', 'nats', 'redis', 'postgres', 'sandbox', 'platform'],
  pause: ['function', 'function', 'nats', 'redis', 'postgres', 'sandbox'],
  slow: ['function', 'nats', 'redis', 'postgres', 'sandbox'],
  cut: ['nats', 'redis', 'postgres', 'sandbox'],
  refuse: ['nats', 'redis', 'postgres', 'sandbox'],
  lose: ['redis'],
} as const

export type FaultKind = keyof typeof TARGETS
export type FaultTarget = (typeof TARGETS)[FaultKind][number]

/** One thing that is done to the platform. */
export interface Fault {
  /** Milliseconds from the beginning of the load. */
  atMs: number
  kind: FaultKind
  target: FaultTarget
  /** How long it lasts; a kill is over at once. */
  forMs: number
  /** Which of several processes it meets, from 0 up to 1. */
  which: number
}

const SHORTEST_MS = 500
const LONGEST_MS = 5_000

/**
 * Longer than a Trigger waits for its function (30 s): the event is brought to another process, and then the first one
 * wakes up and goes on.
 */
const PRESUMED_DEAD_MS = 33_000
const PRESUMED_DEAD = 0.4

/** The kinds of one round; all data of Redis is not lost every time that something else breaks. */
const ROUND: readonly FaultKind[] = [
  'kill',
  'kill',
  'kill',
  'pause',
  'pause',
  'slow',
  'cut',
  'refuse',
  'lose',
]

/** The load goes on for a while before the first fault and after the last. */
const QUIET = 0.05

/**
 * What a seed does to a platform in so many milliseconds: every kind in turn, each against its targets in turn, so that no
 * kind and no target is left out of a long run, at moments that are not evenly apart.
 */
export function planOf(seed: number, count: number, lengthMs: number): Fault[] {
  const random = randomFrom(seed)
  const kinds = Object.keys(TARGETS) as FaultKind[]
  const decks = new Map(kinds.map((kind) => [kind, [] as FaultTarget[]]))
  const targetFor = (kind: FaultKind): FaultTarget => {
    const deck = decks.get(kind)!
    if (deck.length === 0) deck.push(...shuffled<FaultTarget>(random, TARGETS[kind]))
    return deck.pop()!
  }
  const order: FaultKind[] = []
  while (order.length < count) order.push(...shuffled(random, ROUND))
  const [from, every] = [lengthMs * QUIET, (lengthMs * (1 - 3 * QUIET)) / count]
  return order.slice(0, count).map((kind, nth) => {
    const atMs = Math.round(from + every * (nth + random()))
    const target = targetFor(kind)
    const isLong = kind === 'pause' && target === 'function' && random() < PRESUMED_DEAD
    const fits = atMs + PRESUMED_DEAD_MS < lengthMs
    const forMs = isLong && fits ? PRESUMED_DEAD_MS : between(random, SHORTEST_MS, LONGEST_MS)
    return { atMs, kind, target, forMs: kind === 'kill' || kind === 'lose' ? 0 : forMs, which: random() }
  })
}

/** The whole of it in a few lines. */
export const planned = (plan: readonly Fault[]): string =>
  plan.map((fault) => `${(fault.atMs / 1000).toFixed(0)} s ${nameOf(fault)}`).join(', ')

/** What is done to whom, in words. */
export const nameOf = ({ kind, target }: Pick<Fault, 'kind' | 'target'>): string => `${kind} ${target}`
