import { ReplayRequested } from '#events/platform/replay-requested.v1/event'
import { http, ok, type Deps } from '#runtime/http'
import { requestProblem } from '#runtime/problem'
import { domainOf } from '../listeners'
import { askRelays, type AskRelay } from '../relays'
import { ReplayEvents } from './input'
import { planOf, type Plan } from './plan'
import { insertRequest } from './store'

type Ports = { askRelay: AskRelay }

/**
 * Brings events of the past to one function again, or says which they would be.
 *
 * A dry run, unless it is said otherwise: it counts and sends nothing. Each domain brings its own events from its own
 * outbox, as they were told, with their source and id: a function that has handled them changes nothing, one that is
 * new learns what was before it. Nobody else hears them. How far a replay is, view-replay says.
 */
export async function replayEvents(input: ReplayEvents, { db, caller, clock, ids, askRelay }: Deps & Ports) {
  const { to, dryRun = true } = input
  const plan = planOf(input, clock.now())
  const counts = await countsOf(plan, askRelay)
  const { from, until, types, destination } = plan
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  const answer = { to, from, until, dryRun, types: counts, total }
  if (dryRun) return ok(answer)

  return db.transaction(async (tx) => {
    const [replayId, now] = [ids.next(), clock.now()]
    insertRequest(tx, plan, { id: replayId, operation: to, by: caller.id, at: now })
    tx.emit(ReplayRequested, { replayId, from, until, types, destination, requestedAt: now.toISOString() })
    return { status: 202, headers: { Location: `/v1/replays/${replayId}` }, body: { replayId, ...answer } }
  })
}

/** How many events of each type there are, of those that none is told of too. */
async function countsOf({ from, until, types }: Plan, askRelay: AskRelay) {
  const domains = [...new Set(types.map((type) => domainOf(type)!))]
  const reports = await Promise.all(
    domains.map((domain) => {
      const own = types.filter((type) => domainOf(type) === domain)
      return askRelay(domain, { from, until, types: own.join(',') })
    }),
  ).catch((cause: unknown) => {
    throw Object.assign(requestProblem('unavailable', {}, { 'Retry-After': '1' }), { cause })
  })
  const found = new Map(reports.flatMap(({ counts = [] }) => counts).map(({ type, count }) => [type, count]))
  return types.map((type) => ({ type, count: found.get(type) ?? 0 }))
}

export default http(ReplayEvents, replayEvents, { askRelay: askRelays })
