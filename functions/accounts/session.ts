import type { Queryable, Tx } from '#runtime/database'
import { created, type Deps, type Reply } from '#runtime/http'
import { requestProblem } from '#runtime/problem'
import { ACCESS_LIFETIME, type Bearer, type SignAccess } from './token'

/** Answers who opened a session, or goes on with one, with both of its tokens. */
export async function tokensFor(
  bearer: Bearer,
  refreshToken: string,
  { signAccess, now }: { signAccess: SignAccess; now: Date },
) {
  const accessToken = await signAccess(bearer, now)
  const tokens = { accessToken, refreshToken, tokenType: 'Bearer', expiresIn: ACCESS_LIFETIME }
  return created('/v1/sessions/current', tokens)
}

/** Says to who has a token that the account was closed since: the token speaks for nobody (RFC 6750, section 3.1). */
export const nobody = () =>
  requestProblem('unauthenticated', {}, { 'WWW-Authenticate': 'Bearer error="invalid_token"' })

/** Closes every session of an account: none of its refresh tokens is worth anything from the commit on. */
export function closeSessions(tx: Tx, accountId: string, now: Date): void {
  tx.write('update sessions set closed_at = $2 where account_id = $1 and closed_at is null', [accountId, now])
}

/**
 * Lets a handler be asked only while the session of the token is open. Access tokens are verified without asking anybody,
 * and are good for 15 minutes; what belongs to the account itself is not left open for so long after a log-out, a new
 * password or a stolen refresh token. A closed account has no session any more: `orErased` lets its owner ask again.
 */
export const inOpenSession =
  <I, D extends Deps, R extends Reply>(
    handle: (input: I, deps: D) => Promise<R>,
    { orErased = false } = {},
  ) =>
  async (input: I, deps: D): Promise<R> => {
    const isOpen = (await stateOf(deps.db, deps.caller)) ?? orErased
    if (!isOpen) throw nobody()
    return handle(input, deps)
  }

/** Whether the session of a token is open; undefined when there is none. */
async function stateOf(db: Queryable, { id, sessionId = '' }: Deps['caller']): Promise<boolean | undefined> {
  const { rows } = await db.query<{ isOpen: boolean }>(
    'select closed_at is null as "isOpen" from sessions where id = $1 and account_id = $2',
    [sessionId, id],
  )
  return rows[0]?.isOpen
}
