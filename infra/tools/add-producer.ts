import { randomBytes } from 'node:crypto'
import { systemClock, type Clock } from '#runtime/clock'
import { openDatabase } from '#runtime/database'
import { typeOf } from '#runtime/event'
import { hashOf } from '#runtime/idempotency'
import acceptEvent from '../../functions/platform/accept-event/function.json'

/** An outside system that is to tell us what happened, and where that is written down. */
export interface NewProducer {
  /** Connection string of the platform database, migrated. */
  url: string
  /** What it is called here; letters, digits and hyphens. */
  name: string
  /** The events it may send, of those that POST /v1/events takes. */
  events: readonly string[]
  clock?: Clock
}

/**
 * Gives an outside system a credential for POST /v1/events, straight in the platform database, and answers it. It is told
 * this once: only its hash is kept. For a name that is there already the new credential and the new list of events take
 * the place of the old, while what it has told stays known, so an event it tells again has no second effect.
 */
export async function addProducer({ url, name, events, clock = systemClock }: NewProducer): Promise<string> {
  if (!/^[a-z0-9-]{1,64}$/.test(name)) throw new Error(`${name} is no name for a producer`)
  const wrong = events.find((path) => !acceptEvent.emits.includes(path))
  if (wrong !== undefined || events.length === 0) {
    throw new Error(
      `${wrong ?? 'nothing'} is no event from outside; these are: ${acceptEvent.emits.join(', ')}`,
    )
  }
  const credential = `kiosk_${randomBytes(32).toString('base64url')}`
  const db = openDatabase({ DATABASE_URL: url, DATABASE_CONNECTIONS: '1' })
  try {
    await db.query(
      `insert into producers (name, credential_hash, types, added_at) values ($1, $2, $3, $4)
           on conflict (name) do update set credential_hash = excluded.credential_hash, types = excluded.types`,
      [name, hashOf(credential), events.map(typeOf), clock.now()],
    )
    return credential
  } finally {
    await db.end()
  }
}
