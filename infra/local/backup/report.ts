import type { Finding, Reconciled } from './reconcile'

const MOST_LINES = 20

/** What was found and done, as lines for whoever restored the shop; of what was not, nothing is said. */
export function reportOf({ isAtRest, findings, cancelled, leftOver, violations }: Reconciled): string[] {
  const of = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind)
  const orders = (found: Finding[]) => found.map(({ orderId, ...money }) => `${orderId!}  ${moneyOf(money)}`)
  const foreign = of('foreign').map(({ reference, ...money }) => `${reference}  ${moneyOf(money)}`)
  return [
    findings.length === 0
      ? 'The payment gateway knew nothing that the backup did not.'
      : 'The payment gateway knew more than the backup:',
    ...group(of('settled'), 'charge', 'of orders that are known: on the books now'),
    ...group(of('given-back'), 'charge', 'of orders that are lost: given back', orders(of('given-back'))),
    ...group(of('refunded'), 'refund', 'of orders that are known: on the books now'),
    ...group(of('foreign'), 'movement', 'that the shop did not ask for: left alone, look at it', foreign),
    ...listed('Orders cancelled again, since their money had gone back:', cancelled),
    ...listed('Orders that go on though money had gone back; decide what they are:', leftOver),
    violations === 0
      ? 'The audit finds nothing; what moved just now it looks at within minutes of the next npm start.'
      : `The audit finds ${violations} that do not add up: they stand in the table violations of platform.`,
    ...(isAtRest ? [] : ['Something is still on its way: the shop goes on with it whenever it runs.']),
  ]
}

function group(some: readonly Finding[], one: string, rest: string, lines: readonly string[] = []): string[] {
  if (some.length === 0) return []
  const count = `${some.length} ${one}${some.length === 1 ? '' : 's'}`
  return listed(`  ${count} (${sumOf(some)}) ${rest}`, lines, true)
}

const sumOf = (some: readonly Finding[]): string => {
  const sums = new Map<string, number>()
  for (const { amount, currency } of some) sums.set(currency, (sums.get(currency) ?? 0) + amount)
  return [...sums].map(([currency, amount]) => moneyOf({ amount, currency })).join(', ')
}

/** Minor units stay what they are: how many make one differs by currency. */
const moneyOf = ({ amount, currency }: { amount: number; currency: string }) =>
  `${amount} ${currency} in minor units`

function listed(title: string, lines: readonly string[], always = false): string[] {
  if (lines.length === 0) return always ? [title] : []
  const more = lines.length - MOST_LINES
  return [
    title,
    ...lines.slice(0, MOST_LINES).map((line) => `    ${line}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ]
}
