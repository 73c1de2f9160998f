import type { Queryable } from '#runtime/database'
import type { Page } from '#runtime/reply'
import type { Cause, DeadLetterState } from '../dead-letter'

/** A dead letter as its row holds it. */
export interface Row {
  id: string
  state: DeadLetterState
  buriedAt: string
  /** How often it was sent again, and when last. */
  redrives: number
  redrivenAt: string | null
  settledAt: string | null
  attributes: Record<string, unknown>
  /** Base64; null when the event had none. */
  data: string | null
  cause: Cause
}

/** A page of the dead letters that fit, newest first, and how many fit in all. */
export async function pageOfLetters(
  db: Queryable,
  { type, state }: { type?: string; state?: string },
  { page, pageSize }: Page,
): Promise<{ letters: Row[]; total: number }> {
  const { rows } = await db.query<{ total: number; letters: Row[] | null }>(
    `with fitting as (
       select * from dead_letters where ($1::text is null or type = $1) and ($2::text is null or state = $2)
     ), page as (
       select id, state, buried_at as "buriedAt", redrives, redriven_at as "redrivenAt", settled_at as "settledAt",
              attributes, encode(data, 'base64') as data, cause
         from fitting order by buried_at desc, id limit $3 offset $4
     )
     select (select count(*) from fitting) as total, (select json_agg(page) from page) as letters`,
    [type ?? null, state ?? null, pageSize, (page - 1) * pageSize],
  )
  const { total, letters } = rows[0]!
  return { total, letters: letters ?? [] }
}
