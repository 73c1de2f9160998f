import { http, ok, type Deps } from '#runtime/http'
import { inOpenSession, nobody } from '../session'
import { ViewProfile } from './input'
import { profileOf } from './store'

/**
 * Shows people what is known of them.
 *
 * The role is the account's at this moment; the token that asks may still say an older one.
 */
export async function viewProfile(_input: object, { db, caller }: Deps) {
  const profile = await profileOf(db, caller.id)
  if (!profile) throw nobody()
  return ok(profile)
}

export default http(ViewProfile, inOpenSession(viewProfile))
