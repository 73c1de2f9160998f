import { sequenced, type StoredEvent } from './binary-event'
import type { Queryable } from './database'
import type { Log } from './log'
import type { Publish } from './publish'

const TRIES = 3
const PAUSE_MS = 150

/**
 * Sends what a commit announced and marks it sent. Never rejects: what the broker does not take now stays in the
 * outbox, and the domain's relay sends it within about a minute.
 */
export async function sendAnnounced(
  events: StoredEvent[],
  db: Queryable,
  publish: Publish,
  log: Log,
): Promise<void> {
  const sent = (await Promise.all(events.map((event) => sendOne(event, publish, log)))).filter(
    (id) => id !== null,
  )
  if (sent.length === 0) return
  try {
    await markSent(db, sent)
  } catch (error) {
    log.warn('events were sent but not marked; the relay will send them again', { error })
  }
}

async function sendOne(event: StoredEvent, publish: Publish, log: Log): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      await publish(event)
      return event.id
    } catch (error) {
      if (attempt === TRIES) {
        log.warn('an event stays in the outbox for the relay', { error, event: event.id, type: event.type })
        return null
      }
      await new Promise((resume) => setTimeout(resume, PAUSE_MS * attempt))
    }
  }
}

/** An event that was sent but not marked is sent again: consumers recognise it by (source, id). */
export async function markSent(db: Queryable, ids: string[]): Promise<void> {
  await db.query('update outbox set sent_at = now() where id = any($1::uuid[]) and sent_at is null', [ids])
}

/**
 * Takes up to `limit` events that were announced but not sent for a while, oldest first, and holds them for half a
 * minute: a second relay takes others, and no lock is kept while the broker is called.
 */
export async function claimUnsent(db: Queryable, limit: number): Promise<StoredEvent[]> {
  const { rows } = await db.query<{ event: StoredEvent; sequence: number }>(
    `update outbox set claimed_until = now() + interval '30 seconds'
      where id in (select id from outbox
                    where sent_at is null
                      and created_at < now() - interval '5 seconds'
                      and (claimed_until is null or claimed_until < now())
                    order by sequence limit $1 for update skip locked)
     returning event, sequence`,
    [limit],
  )
  return rows.map(({ event, sequence }) => sequenced(event, sequence))
}

/**
 * Leaves events that the broker refuses alone for as long as they are old, at least a minute and at most an hour: so each
 * wait is twice the one before, and however many they are, a relay gets past them.
 */
export async function postpone(db: Queryable, ids: string[]): Promise<void> {
  await db.query(
    `update outbox
        set claimed_until = now() + greatest(interval '1 minute', least(now() - created_at, interval '1 hour'))
      where id = any($1::uuid[]) and sent_at is null`,
    [ids],
  )
}

/** Whether anything is still to be sent, be it only a moment old. */
export async function hasUnsent(db: Queryable): Promise<boolean> {
  const { rows } = await db.query('select 1 from outbox where sent_at is null limit 1')
  return rows.length > 0
}
