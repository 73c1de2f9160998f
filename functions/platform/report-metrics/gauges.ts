import type { OutboxReport } from '../relays'
import type { Gauge } from './exposition'

/** What was found out for operators; a domain that did not answer has no outbox. */
interface Findings {
  domains: { labels: { domain: string }; outbox: OutboxReport | undefined }[]
  letters: [state: string, count: number][]
  violated: [invariant: string, count: number][]
}

/** What operators watch, as of `now`. */
export function gaugesOf({ domains, letters, violated }: Findings, now: Date): Gauge[] {
  const heard = domains.flatMap(({ labels, outbox }) => (outbox ? [{ labels, ...outbox }] : []))
  const age = (since: string | undefined) =>
    since === undefined ? 0 : Math.max(0, (now.getTime() - Date.parse(since)) / 1_000)
  return [
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
}
