/** A number from 0 up to 1, the next of a sequence that its seed decides. */
export type Random = () => number

/** The same sequence for the same seed, on every machine (Mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const between = (random: Random, least: number, most: number): number =>
  Math.round(least + random() * (most - least))

export const oneOf = <T>(random: Random, choices: readonly T[]): T =>
  choices[Math.floor(random() * choices.length)]!

/** One of them, each as likely as its weight says. */
export function weighed<T>(random: Random, choices: readonly (readonly [T, weight: number])[]): T {
  let left = random() * choices.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [choice, weight] of choices) if ((left -= weight) < 0) return choice
  return choices[choices.length - 1]![0]
}

/** All of them, in an order that the sequence decides. */
export function shuffled<T>(random: Random, all: readonly T[]): T[] {
  const keyed = all.map((item) => [random(), item] as const)
  return keyed.sort(([one], [other]) => one - other).map(([, item]) => item)
}
