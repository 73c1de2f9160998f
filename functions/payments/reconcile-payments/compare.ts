import type { EventDeps } from '#runtime/on'
import type { Peer } from '#runtime/peer'
import { PAGE_SIZE, type Gateway } from '../gateway'
import type { Span } from '../payment'
import { compareCharge } from './compare-charge'
import { compareRefund } from './compare-refund'
import { keepProgress, openComparisons, type Comparison } from './comparisons'

export type CompareDeps = EventDeps & { gateway: Gateway; orders: Peer }

/**
 * Whether something of the gateway is on our books now. What has to come to rest first, an order that is on its way to
 * payments or a charge that is pending, is looked at again.
 */
export type Outcome = 'right' | 'waits'

const BUDGET_MS = 15_000

/**
 * Compares what the gateway did with what is known here, for each span of time for which that was asked, and puts right
 * what differs; true while anything of it is left to be done.
 *
 * The gateway is never restored with us: charges and refunds that were made after our copy was, are found by asking it
 * for all of them. Each step may be repeated after a crash at any moment.
 */
export async function compareWithGateway(deps: CompareDeps): Promise<boolean> {
  const { db, clock } = deps
  const end = performance.now() + BUDGET_MS
  const comparisons = await openComparisons(db)
  let isLeft = false
  for (const comparison of comparisons) {
    const done = await compare(comparison, end, deps).catch((error: unknown) => {
      deps.log.warn('the comparison with the payment gateway is interrupted', { error })
      return undefined
    })
    if (done) await keepProgress(db, { ...comparison, ...done }, clock.now())
    isLeft ||= !done?.isDone
  }
  return isLeft
}

async function compare(comparison: Comparison, end: number, deps: CompareDeps) {
  const { gateway } = deps
  const { until, chargesFrom, refundsFrom } = comparison
  const charges = await walk(
    { since: chargesFrom, until },
    {
      list: (span, page) => gateway.chargesIn(span, page),
      look: (charge) => compareCharge(charge, comparison.id, deps),
    },
    end,
    deps,
  )
  const refunds = await walk(
    { since: refundsFrom, until },
    {
      list: (span, page) => gateway.refundsIn(span, page),
      look: (refund) => compareRefund(refund, comparison.id, deps),
    },
    end,
    deps,
  )
  const waiting = charges.waiting + refunds.waiting
  const isDone = charges.isOver && refunds.isOver && waiting === 0
  return { chargesFrom: charges.from, refundsFrom: refunds.from, waiting, isDone }
}

interface Walk<T> {
  list: (span: Span, page: number) => Promise<T[]>
  look: (one: T) => Promise<Outcome>
}

/** Looks at all of a span, oldest first; the next walk begins with the first that waits, or where this one ran out of time. */
async function walk<T extends { id: string; createdAt?: string }>(
  span: Span,
  { list, look }: Walk<T>,
  end: number,
  { log }: CompareDeps,
) {
  let [from, waiting] = [span.since, 0]
  for (let page = 1; performance.now() < end; page++) {
    const found = await list(span, page)
    for (const one of found) {
      const outcome = await look(one).catch((error: unknown): Outcome => {
        log.warn('something at the payment gateway could not be compared', { id: one.id, error })
        return 'waits'
      })
      if (outcome === 'waits') waiting++
      else if (waiting === 0 && one.createdAt !== undefined) from = new Date(one.createdAt)
    }
    if (found.length < PAGE_SIZE) return { from, waiting, isOver: true }
  }
  return { from, waiting, isOver: false }
}
