import { money } from '../demo/narration'
import type { Figures } from './figures'

const MOST_SHOWN = 40

/** The page that a person reads at the end. */
export function pageOf(figures: Figures): string {
  const { orders, payments, requests, carts, mails, recovery, violations } = figures
  const total = Object.values(orders).reduce((sum, count) => sum + count, 0)
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  const lines: [string, string][] = [
    ['orders', `${total} in ${figures.loadSeconds.toFixed(0)} s: ${listOf(orders)}`],
    ...Object.entries(payments).map(([method, ends]): [string, string] => [`  ${method}`, listOf(ends)]),
    ['money', moneyOf(figures)],
    [
      'requests',
      `${requests.orders} to place ${requests.keys} orders, ${requests.repeated} of them repeated`,
    ],
    ['  others', listOf(requests.others)],
    ['carts', `${carts.used} used, ${carts.away} times away`],
    ['mails', `${mails.sent}, and ${mails.copies} copies of mails nobody could know to be taken`],
    ['events', String(figures.events)],
    [
      'faults',
      `${figures.faultsDone}: ${figures.faults.map(({ what, done }) => `${done} × ${what}`).join(', ')}`,
    ],
    [
      'recovery',
      `${seconds(recovery.median)} in the median, ${seconds(recovery.max)} at most (${recovery.slowest}), from a fault's end to the confirmation of an order placed after it`,
    ],
    ['rest', `after ${figures.restSeconds.toFixed(0)} s, ${figures.redriven} dead letters sent again`],
    ['seed', String(figures.seed)],
  ]
  const table = lines.map(([name, words]) => `  ${name.padEnd(24)}${words}`).join('\n')
  return `\n${table}\n\n${verdictOf(violations)}`
}

const listOf = (counts: Record<string, number>) =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none'

const moneyOf = ({ money: { captured, refunded, cost } }: Figures) =>
  `${money(captured, 'EUR')} captured, ${money(refunded, 'EUR')} of it refunded, ${money(cost, 'EUR')} kept`

function verdictOf(violations: readonly string[]): string {
  if (violations.length === 0) return 'No violation: every order is at an end, stock and money add up.'
  const shown = violations.slice(0, MOST_SHOWN).map((violation) => `  ${violation}`)
  const more = violations.length > MOST_SHOWN ? [`  and ${violations.length - MOST_SHOWN} more`] : []
  return [`${violations.length} VIOLATIONS`, ...shown, ...more].join('\n')
}
