import { http, noContent, type Deps } from '#runtime/http'
import { LogOut } from './input'
import { closeSession } from './store'

/**
 * Closes the session that asks.
 *
 * Its refresh token is worth nothing from the answer on, and its access token opens nothing more of the account. Other
 * domains verify access tokens without asking here, so there it stays good until it ends, 15 minutes after it was signed at
 * most. A session that
 * is closed already is no mistake: whoever asks twice wants it closed, and it is.
 */
export async function logOut(_input: object, { db, clock, caller }: Deps) {
  await closeSession(db, { sessionId: caller.sessionId ?? '', accountId: caller.id }, clock.now())
  return noContent()
}

export default http(LogOut, logOut)
