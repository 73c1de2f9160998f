import type { Tx } from '#runtime/database'
import type { Plan } from './plan'

/** Keeps what was asked for and by whom. */
export function insertRequest(
  tx: Tx,
  { from, until, types }: Plan,
  { id, operation, by, at }: { id: string; operation: string; by: string; at: Date },
): void {
  tx.write(
    `insert into replay_requests (id, from_time, until_time, types, operation, requested_by, requested_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, from, until, types, operation, by, at],
  )
}
