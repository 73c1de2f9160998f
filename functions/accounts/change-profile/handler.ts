import { http, ok, type Deps } from '#runtime/http'
import { inOpenSession, nobody } from '../session'
import { ChangeProfile } from './input'
import { rename } from './store'

/**
 * Changes what a person is called.
 *
 * Nothing else of a profile is a person's to change: an address must be proved, and a role is granted.
 */
export async function changeProfile({ name }: ChangeProfile, { db, caller }: Deps) {
  const profile = await rename(db, caller.id, name.trim())
  if (!profile) throw nobody()
  return ok(profile)
}

export default http(ChangeProfile, inOpenSession(changeProfile))
