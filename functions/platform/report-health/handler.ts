import { isStaff } from '#runtime/caller'
import { http, type Deps } from '#runtime/http'
import { openPublisher } from '#runtime/publish'
import { askRelays } from '../relays'
import { servicesOf } from './functions'
import { ReportHealth } from './input'
import { look, statusOf, type Findings, type Ports } from './look'
import { Recently } from './recently'

const GOOD_FOR_MS = 5_000

/**
 * Says whether the shop is up, degraded or down.
 *
 * Down is a shop that cannot sell: the database of the catalogue, of stock, orders or payments does not answer. Without
 * the cache it is slower, and without a broker what it announces waits in the outbox. Everything is looked at, which wakes
 * what keeps the outboxes, at most once in five seconds, however many ask. What was found in detail is for staff: it
 * tells others where to push.
 */
export async function reportHealth(
  _input: object,
  deps: Deps & Ports & { recently: Pick<Recently<Findings>, 'get'> },
) {
  const findings = await deps.recently.get(deps.clock, () => look(deps))
  const status = statusOf(findings)
  const body = { status, ...(isStaff(deps.caller) && { checks: findings }) }
  return { status: status === 'down' ? 503 : 200, body }
}

export default http(ReportHealth, reportHealth, {
  askRelay: askRelays,
  publish: openPublisher,
  listFunctions: servicesOf,
  recently: () => new Recently<Findings>(GOOD_FOR_MS),
})
