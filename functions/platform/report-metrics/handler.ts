import { http, ok, type Deps } from '#runtime/http'
import { RELAYS } from '../listeners'
import { askRelays, type AskRelay } from '../relays'
import { exposition } from './exposition'
import { gaugesOf } from './gauges'
import { ReportMetrics } from './input'
import { deadLetters, violations } from './store'

type Ports = { askRelay: AskRelay }

const FORMAT = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }

/**
 * Reports what operators watch, for Prometheus.
 *
 * Each number is read where it is kept, so nothing is lost when a function goes to zero. A domain that does not answer
 * has no number of unsent events and is not up. What one function did (requests, starts, time) Knative counts itself.
 */
export async function reportMetrics(_input: object, { db, clock, log, askRelay }: Deps & Ports) {
  const outboxes = Promise.all(
    Object.keys(RELAYS).map(async (domain) => {
      const outbox = await askRelay(domain).catch((error: unknown) => {
        log.warn('a domain did not tell of its outbox', { domain, error })
        return undefined
      })
      return { labels: { domain }, outbox }
    }),
  )
  const [domains, letters, violated] = await Promise.all([outboxes, deadLetters(db), violations(db)])
  return ok(exposition(gaugesOf({ domains, letters, violated }, clock.now())), FORMAT)
}

export default http(ReportMetrics, reportMetrics, { askRelay: askRelays })
