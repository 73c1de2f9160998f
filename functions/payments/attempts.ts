import type { Queryable } from '#runtime/database'
import type { Attempt } from './payment'

/** What a statement selects to make an `Attempt`. */
export const ATTEMPT_COLUMNS = 'key, order_id as "orderId", attempt, amount, currency, method, state'

/** How long a try is left to whoever began it, before reconciling looks at it; longer than any call of the gateway. */
export const FIRST_LOOK_MS = 20_000

/** The try of that key, as it stands. */
export async function attemptOf(db: Queryable, key: string): Promise<Attempt | undefined> {
  const { rows } = await db.query<Attempt>(`select ${ATTEMPT_COLUMNS} from attempts where key = $1`, [key])
  return rows[0]
}
