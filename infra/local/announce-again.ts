import { RETENTION } from '#runtime/retention'
import { databaseDomains } from '../tools/tree'
import { rowsOf } from './rows'
import type { Postgres } from './services/postgres'

/** What may be missing from the brokers: all they could hold at a moment, or what they were given last. */
export type Missing = { before: string } | 'the last minutes'

/**
 * nats-server brings its files to the disk every two minutes unless it is told otherwise, which the one of Debian 12
 * cannot be (`sync_interval`, since 2.10); the rest is for clocks that were put right meanwhile.
 */
const UNSYNCED = '5 minutes'

/**
 * Has events leave their outboxes again that the brokers may have lost; the relays send them, and whoever has handled one
 * knows it by its id. Answers how many.
 */
export async function announceAgain(postgres: Postgres, root: string, missing: Missing): Promise<number> {
  const counts = await Promise.all(
    databaseDomains(root).map((domain) => announceAgainIn(postgres.urlOf(domain), missing)),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

async function announceAgainIn(url: string, missing: Missing): Promise<number> {
  const [lost, values] =
    missing === 'the last minutes'
      ? [`sent_at >= (select max(sent_at) from outbox) - interval '${UNSYNCED}'`, []]
      : [`created_at >= $1::timestamptz - interval '${RETENTION.broker} days'`, [missing.before]]
  const [row] = await rowsOf<{ count: number }>(
    url,
    `with again as (update outbox set sent_at = null, claimed_until = null where ${lost} returning 1)
     select count(*)::integer as count from again`,
    values,
  )
  return row!.count
}
