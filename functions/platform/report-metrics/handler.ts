import { http, ok, type Deps } from '#runtime/http'
import { RELAYS } from '../listeners'
import { askRelays, type AskRelay } from '../relays'
import { exposition, type Gauge } from './exposition'
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
  const heard = domains.flatMap(({ labels, outbox }) => (outbox ? [{ labels, ...outbox }] : []))
  const age = (since: string | undefined) =>
    since === undefined ? 0 : Math.max(0, (clock.now().getTime() - Date.parse(since)) / 1_000)
  const gauges: Gauge[] = [
    {
      name: 'kiosk_domain_up',
      help: 'Whether the database of a domain answers.',
      samples: domains.map(({ labels, outbox }) => ({ labels, value: outbox ? 1 : 0 })),
    },
    {
      name: 'kiosk_outbox_unsent_events',
      help: 'Events that are committed and that no broker has taken.',
      samples: heard.map(({ labels, unsent }) => ({ labels, value: unsent })),
    },
    {
      name: 'kiosk_outbox_oldest_unsent_seconds',
      help: 'How long the oldest of them has waited.',
      samples: heard.map(({ labels, oldestUnsentAt }) => ({ labels, value: age(oldestUnsentAt) })),
    },
    {
      name: 'kiosk_dead_letters',
      help: 'Events that no try could handle, by what became of them.',
      samples: letters.map(([state, value]) => ({ labels: { state }, value })),
    },
    {
      name: 'kiosk_invariant_violations',
      help: 'What the audit found twice and does not add up.',
      samples: violated.map(([invariant, value]) => ({ labels: { invariant }, value })),
    },
  ]
  return ok(exposition(gauges), FORMAT)
}

export default http(ReportMetrics, reportMetrics, { askRelay: askRelays })
