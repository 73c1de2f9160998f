import type { Queryable } from '#runtime/database'
import { DEAD_LETTER_STATES, type DeadLetterState } from '../dead-letter'

/** How many dead letters are in each state; those that are settled are no concern of an operator's. */
export async function deadLetters(db: Queryable): Promise<[state: DeadLetterState, count: number][]> {
  const { rows } = await db.query<{ state: DeadLetterState; count: number }>(
    `select state, count(*)::int as count from dead_letters where state <> 'settled' group by state`,
  )
  const found = new Map(rows.map(({ state, count }) => [state, count]))
  return DEAD_LETTER_STATES.filter((state) => state !== 'settled').map((state) => [
    state,
    found.get(state) ?? 0,
  ])
}

/** How many violations of each invariant were found twice and told, and still stand. */
export async function violations(db: Queryable): Promise<[invariant: string, count: number][]> {
  const { rows } = await db.query<{ invariant: string; count: number }>(
    `select invariant, count(*)::int as count from violations
      where reported_at is not null group by invariant order by invariant`,
  )
  return rows.map(({ invariant, count }) => [invariant, count])
}
