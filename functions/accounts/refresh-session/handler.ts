import { http, type Deps } from '#runtime/http'
import { problem } from '../problems'
import { tokensFor } from '../session'
import { hashOfToken, newRefreshToken, openSigner, type SignAccess } from '../token'
import { RefreshSession } from './input'
import { addToken, closeSession, openSessionOf, spend } from './store'

type Ports = { signAccess: SignAccess }

/**
 * Goes on with a session: new tokens for its refresh token.
 *
 * A refresh token is good for one use. One that comes again was stolen, from its owner or by who refreshed with it
 * first, and nobody can tell which: the whole session is closed, with the token that is in use now, and its owner logs in
 * anew (RFC 9700, section 4.14.2). Of two uses at the same moment one wins, and the other is such a second use. There is
 * no time of grace in which the same token would be good twice: a client whose answer was lost logs in again, and a thief
 * who is quick gains nothing. A client therefore refreshes once at a time.
 *
 * The role is the account's at this moment, so a granted one is seen here first. A session ends 30 days after its log-in
 * however often it is refreshed. Unknown, old, spent and closed are one refusal: it tells nothing.
 */
export async function refreshSession({ refreshToken }: RefreshSession, deps: Deps & Ports) {
  const { db, clock, ids, log, signAccess } = deps
  const now = clock.now()
  const hash = hashOfToken(refreshToken)
  const next = newRefreshToken()
  const session = await db.transaction(async (tx) => {
    const open = await openSessionOf(tx, hash, now)
    if (!open) return undefined
    if (await spend(tx, hash, now)) {
      addToken(tx, open.id, next.hash, now)
      return open
    }
    closeSession(tx, open.id, now)
    log.warn('a spent refresh token came again; its session is closed', { sessionId: open.id })
    return undefined
  })
  // RFC 9110, section 15.5.2: a 401 names a scheme.
  if (!session) throw problem('session-closed', {}, { 'WWW-Authenticate': 'Bearer' })

  const { id: sessionId, accountId, role } = session
  return tokensFor({ accountId, role, sessionId, tokenId: ids.next() }, next.token, { signAccess, now })
}

export default http(RefreshSession, refreshSession, { signAccess: openSigner })
