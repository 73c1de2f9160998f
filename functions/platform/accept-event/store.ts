import type { Queryable, Tx } from '#runtime/database'
import { hashOf } from '#runtime/idempotency'
import type { CheckedEvent } from './check'

/** An outside system that may tell us what happened. */
export interface Producer {
  name: string
  /** The CloudEvents types it may send. */
  types: string[]
}

/** Whose credential this is. Only its hash is kept: it is long and random, so a quick hash is enough. */
export async function producerWith(db: Queryable, credential: string): Promise<Producer | undefined> {
  const { rows } = await db.query<Producer>('select name, types from producers where credential_hash = $1', [
    hashOf(credential),
  ])
  return rows[0]
}

/**
 * Keeps what makes events unique to their producer, and answers those that are new, in the order they came. In order of
 * source and id, so that two batches with the same events never wait for each other in a circle.
 */
export async function keepNew(
  tx: Tx,
  { name }: Producer,
  events: readonly CheckedEvent[],
  at: Date,
): Promise<CheckedEvent[]> {
  const rows = events.map(({ attributes: { source, id, type, time } }) => ({ source, id, type, time }))
  const { rows: kept } = await tx.query<{ source: string; id: string }>(
    `insert into accepted_events (producer, source, id, type, happened_at, accepted_at)
     select $1, source, id, type, time, $3
       from json_to_recordset($2) as event (source text, id text, type text, time text)
      order by source, id
         on conflict do nothing
     returning source, id`,
    [name, JSON.stringify(rows), at],
  )
  const isNew = new Set(kept.map(keyOf))
  return events.filter(({ attributes }) => isNew.delete(keyOf(attributes)))
}

const keyOf = ({ source, id }: { source: string; id: string }) => JSON.stringify([source, id])
