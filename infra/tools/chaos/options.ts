import { LARGEST_OFFSET } from '../../local/layout'

export const USAGE = `usage: npm run chaos [-- --minutes=N] [-- --seed=N] [-- --faults=N] [-- --rate=N] [-- --ports=+N] [-- --keep]

  --minutes=N   how long customers buy while things break; 5 when not given, 0.5 is half a minute
  --seed=N      what breaks when, and what customers wish for; at random when not given, and said
  --faults=N    how many things break; one every five seconds when not given
  --rate=N      orders a second, if the shop keeps up; 12 when not given
  --ports=+N    add N to every port of the platform that is broken; at most ${LARGEST_OFFSET - 1}
  --keep        keep its folder, with databases and logs, even if nothing was found`

export interface ChaosOptions {
  minutes: number
  seed: number
  faults: number
  rate: number
  ports: number
  keep: boolean
}

const EVERY_SECONDS = 5

/** What the words of the command line ask for; undefined when they are not understood. `--seed 7` is `--seed=7`. */
export function optionsOf(words: readonly string[]): ChaosOptions | undefined {
  const numbers: Record<string, number> = {}
  let keep = false
  const joined = words.join(' ').replaceAll(/(--\w+) (?=[+\d])/g, '$1=')
  for (const word of joined.split(' ').filter(Boolean)) {
    const [, name, number] = /^--(minutes|seed|faults|rate|ports)=\+?(\d{1,9}(?:\.\d+)?)$/.exec(word) ?? []
    if (word === '--keep') keep = true
    else if (name === undefined) return undefined
    else numbers[name] = Number(number)
  }
  const { minutes = 5, rate = 12, ports = 12_600 } = numbers
  const { seed = Math.floor(Math.random() * 1e9), faults = Math.ceil((minutes * 60) / EVERY_SECONDS) } =
    numbers
  if (minutes <= 0 || rate <= 0 || ports >= LARGEST_OFFSET || ![seed, faults, ports].every(Number.isInteger))
    return undefined
  return { minutes, seed, faults, rate, ports, keep }
}
