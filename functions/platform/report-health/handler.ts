import { isStaff } from '#runtime/caller'
import { http, type Deps } from '#runtime/http'
import { brokerAt, type ReachBroker } from './broker'
import { check, type Check } from './check'
import { ReportHealth } from './input'

type Ports = { reachBroker: ReachBroker }

const LIMIT_MS = 2_000

/**
 * Says whether the shop is up, degraded or down.
 *
 * Without its database the shop is down; without its cache or its broker it is slower, and what it announces waits in
 * the outbox. What was found in detail is for staff: it tells others where to push.
 */
export async function reportHealth(_input: object, deps: Deps & Ports) {
  const { db, cache, clock, caller, reachBroker } = deps
  const look = (ask: () => Promise<unknown>) => check(ask, LIMIT_MS, clock)
  const [postgres, redis, broker] = await Promise.all([
    look(() => db.query('select 1')),
    look(() => cache.ping()),
    look(reachBroker),
  ])
  const status = statusOf(postgres, [redis, broker])
  const body = { status, ...(isStaff(caller) && { checks: { postgres, redis, broker } }) }
  return { status: status === 'down' ? 503 : 200, body }
}

/** Of what the shop stands on, `vital` must be there; the others may be away for a while. */
function statusOf(vital: Check, others: Check[]): 'up' | 'degraded' | 'down' {
  if (vital.status === 'down') return 'down'
  return others.every(({ status }) => status === 'up') ? 'up' : 'degraded'
}

export default http(ReportHealth, reportHealth, { reachBroker: brokerAt })
