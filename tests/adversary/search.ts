import { planOf } from './plan'
import { runPlan, type Outcome } from './run'
import type { Shop } from './shop'
import type { Tally } from './task'

/** What was tried so far. */
export interface Totals extends Tally {
  schedules: number
}

/** Where the first violation was found, if there was one. */
export interface Found {
  shop: Shop
  failing: Outcome
}

/**
 * Tries seed after seed, in each shop one at a time, until one fails or all were tried. What a seed does depends on neither
 * the shop nor on the seeds before it.
 */
export async function search(
  shops: readonly Shop[],
  { first, last }: { first: number; last: number },
  told: (totals: Totals) => void = () => undefined,
): Promise<{ totals: Totals; found?: Found }> {
  const totals: Totals = { schedules: 0, invocations: 0, deliveries: 0, kills: 0, steps: 0 }
  let next = first
  let found: Found | undefined
  const work = async (shop: Shop) => {
    while (!found && next <= last) {
      const outcome = await runPlan(shop, planOf(next++))
      totals.schedules++
      for (const key of ['invocations', 'deliveries', 'kills', 'steps'] as const) {
        totals[key] += outcome.tally[key]
      }
      if (outcome.violations.length > 0) found ??= { shop, failing: outcome }
      told(totals)
    }
  }
  await Promise.all(shops.map(work))
  return { totals, ...(found && { found }) }
}
