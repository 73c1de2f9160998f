import { http, ok, type Deps } from '#runtime/http'
import { domainOf } from '../listeners'
import { problem } from '../problems'
import { askRelays, type AskRelay } from '../relays'
import { ViewReplay } from './input'
import { requestOf } from './store'

type Ports = { askRelay: AskRelay }

/**
 * Shows how far a replay is.
 *
 * Each domain that tells some of its types is asked for its own share; one that does not answer is shown as unknown, and
 * the others all the same.
 */
export async function viewReplay({ id }: ViewReplay, { db, log, askRelay }: Deps & Ports) {
  const request = await requestOf(db, id)
  if (!request) throw problem('unknown-replay')

  const names = [...new Set(request.types.map((type) => domainOf(type)!))].sort()
  const domains = await Promise.all(
    names.map(async (domain) => {
      const report = await askRelay(domain, { replay: id }).catch((error: unknown) => {
        log.warn('a relay did not say how far a replay is', { domain, error })
        return undefined
      })
      const { lastError, ...share } = report?.replay ?? NOTHING_KNOWN
      return { domain, ...share, ...(lastError && { lastError }) }
    }),
  )
  const { to, types, requestedBy, ...at } = request
  return ok({
    ...{ replayId: id, state: stateOf(domains.map(({ state }) => state)), to, types, requestedBy, domains },
    ...{ from: at.from.toISOString(), until: at.until.toISOString() },
    requestedAt: at.requestedAt.toISOString(),
  })
}

const NOTHING_KNOWN = {
  state: 'unknown',
  total: 0,
  sent: 0,
  failed: 0,
  failures: [],
  lastError: null,
} as const

function stateOf(states: readonly string[]): 'running' | 'done' | 'stopped' {
  if (states.some((state) => state === 'open' || state === 'unknown')) return 'running'
  return states.includes('stopped') ? 'stopped' : 'done'
}

export default http(ViewReplay, viewReplay, { askRelay: askRelays })
