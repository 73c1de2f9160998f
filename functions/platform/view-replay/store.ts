import type { Queryable } from '#runtime/database'

/** What was asked for. */
export interface ReplayRequest {
  from: Date
  until: Date
  types: string[]
  to: string
  requestedBy: string
  requestedAt: Date
}

/** What was asked for by that id. */
export async function requestOf(db: Queryable, id: string): Promise<ReplayRequest | undefined> {
  const { rows } = await db.query<ReplayRequest>(
    `select from_time as "from", until_time as until, types, operation as "to", requested_by as "requestedBy",
            requested_at as "requestedAt"
       from replay_requests where id = $1`,
    [id],
  )
  return rows[0]
}
