import type { Tx } from '#runtime/database'
import { created } from '#runtime/http'
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

/** Closes every session of an account: none of its refresh tokens is worth anything from the commit on. */
export function closeSessions(tx: Tx, accountId: string, now: Date): void {
  tx.write('update sessions set closed_at = $2 where account_id = $1 and closed_at is null', [accountId, now])
}
