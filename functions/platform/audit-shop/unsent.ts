import type { AskRelay } from '../relays'
import type { Violation } from './figures'

const UNSENT_MINUTES = 10

/** What a domain has announced and no broker has taken, if it has waited too long. */
export async function unsentEvents(domain: string, askRelay: AskRelay, now: Date): Promise<Violation[]> {
  const { oldestUnsentAt } = await askRelay(domain)
  if (oldestUnsentAt === undefined) return []
  if (now.getTime() - Date.parse(oldestUnsentAt) < UNSENT_MINUTES * 60_000) return []
  const expected = `every event sent within ${UNSENT_MINUTES} minutes`
  return [
    { invariant: `events-of-${domain}`, about: domain, expected, actual: `unsent since ${oldestUnsentAt}` },
  ]
}
