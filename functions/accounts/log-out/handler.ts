import { http, noContent, type Deps } from '#runtime/http'
import { LogOut } from './input'
import { closeSession } from './store'

/**
 * Closes the session that asks.
 *
 * Its refresh token is worth nothing from the answer on. Access tokens are verified by every function alone, without
 * asking here, so one that is out already stays good until it ends, 15 minutes after it was signed at most. A session that
 * is closed already is no mistake: whoever asks twice wants it closed, and it is.
 */
export async function logOut(_input: object, { db, clock, caller }: Deps) {
  await closeSession(db, { sessionId: caller.sessionId ?? '', accountId: caller.id }, clock.now())
  return noContent()
}

export default http(LogOut, logOut)
