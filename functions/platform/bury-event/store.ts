import type { Queryable } from '#runtime/database'
import { hashOf } from '#runtime/idempotency'
import type { DeadLetter } from '../dead-letter'

/** Buries a letter once for its source, id and trigger. Only one that was sent again since is buried anew. */
export async function bury(db: Queryable, letter: DeadLetter, at: Date): Promise<void> {
  const { source, eventId, type, subject, trigger, attributes, data, cause } = letter
  await db.query(
    `insert into dead_letters (id, source, event_id, type, subject, trigger, attributes, data, cause, buried_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (id) do update
       set attributes = excluded.attributes, cause = excluded.cause, state = 'buried', buried_at = excluded.buried_at
       where dead_letters.state = 'redriven'`,
    [
      hashOf(source, eventId, trigger),
      source,
      eventId,
      type,
      subject,
      trigger,
      JSON.stringify(attributes),
      data,
      JSON.stringify(cause),
      at,
    ],
  )
}
