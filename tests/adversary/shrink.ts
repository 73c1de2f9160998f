import type { Plan } from './plan'
import { runPlan, type Outcome } from './run'
import type { Shop } from './shop'

const MOST_RUNS = 60

/** The smallest run that was found to violate something still: fewer orders, wishes, repetitions and kills. */
export async function shrunk(shop: Shop, failing: Outcome): Promise<Outcome> {
  let smallest = failing
  let runs = 0
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false
    for (const plan of smallerThan(smallest)) {
      if (++runs > MOST_RUNS) return smallest
      const outcome = await runPlan(shop, plan)
      if (outcome.violations.length === 0) continue
      smallest = outcome
      isSmaller = true
      break
    }
  }
  return smallest
}

/** Each leaves out one thing, the largest first. */
function* smallerThan({ plan, kills }: Outcome): Generator<Plan> {
  const { orders, spared } = plan
  if (orders.length > 1)
    for (const left of orders) yield { ...plan, orders: orders.filter((one) => one !== left) }
  if (plan.repeats) yield { ...plan, repeats: false }
  if (plan.atOnce > 1) yield { ...plan, atOnce: 1 }
  if (plan.deadline) yield { ...plan, deadline: false }
  if (plan.receipts.length > 0) yield { ...plan, receipts: [] }
  if (kills.length > 1) yield { ...plan, kills: 0 }
  for (const name of kills) yield { ...plan, spared: [...spared, name] }
  for (const [at, order] of orders.entries()) {
    const others = (changed: object) => ({ ...plan, orders: orders.with(at, { ...order, ...changed }) })
    if (order.returns !== 'none') yield others({ returns: 'none' })
    if (order.ships) yield others({ ships: false })
    if (order.cancels) yield others({ cancels: false })
    if (order.pays.length > 0) yield others({ pays: [] })
    if (order.lines.length > 1) yield others({ lines: order.lines.slice(0, 1) })
  }
}

/** What a failing run did, step by step, and how to see it again. */
export const storyOf = ({ plan, violations, kills, trace }: Outcome, without?: string): string =>
  [
    `seed ${plan.seed} violates:`,
    ...violations.map((violation) => `  ${violation}`),
    `killed: ${kills.join(', ') || 'nobody'}`,
    `plan: ${JSON.stringify(plan)}`,
    ...trace.map((line) => `  ${line}`),
    `again: npm run adversary -- --seed ${plan.seed}${without === undefined ? '' : ` --without ${without}`}`,
  ].join('\n')
