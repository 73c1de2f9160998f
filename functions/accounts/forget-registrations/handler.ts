import { every, type EventDeps, type TickOutcome } from '#runtime/on'
import { announceLapses } from '../registration'
import { forgetDead, forgetRested, hasAddresses, lockAddressesOfDead } from './store'

const KEPT_MS = 24 * 3_600_000
const BATCH = 200
const BUDGET_MS = 20_000

/**
 * Forgets registrations that nobody proved, a day after their last code died.
 *
 * What a stranger may have said of somebody is not kept for longer than it can be of use, whether or not anything ever
 * happens to that address again. Each is announced, so that whoever learned of it forgets it as well. An address goes
 * when it has no registration any more and had no turn for a day. Ticks at the same moment share the work.
 */
export async function forgetRegistrations({ db, clock }: EventDeps): Promise<TickOutcome> {
  const started = performance.now()
  const now = clock.now()
  const dayAgo = new Date(now.getTime() - KEPT_MS)
  while (performance.now() - started < BUDGET_MS) {
    const count = await db.transaction(async (tx) => {
      const emails = await lockAddressesOfDead(tx, dayAgo, BATCH)
      const ids = await forgetDead(tx, emails, dayAgo)
      announceLapses(tx, ids, now)
      return ids.length
    })
    if (count < BATCH) break
  }
  await forgetRested(db, dayAgo)
  return (await hasAddresses(db)) ? 'more' : 'idle'
}

export default every(forgetRegistrations)
