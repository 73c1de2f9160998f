import { RoleGranted } from '#events/accounts/role-granted.v1/event'
import { http, ok, type Deps } from '#runtime/http'
import { requestProblem } from '#runtime/problem'
import { inOpenSession } from '../session'
import { isLastAdmin, lockedWithAdmins } from '../admins'
import { problem } from '../problems'
import { GrantRole } from './input'
import { setRole } from './store'

/**
 * Gives an account another role.
 *
 * Its sessions stay open and see the role at their next refresh, at most 15 minutes later. Who grants must be an
 * administrator at this moment, not only when the token was signed: one who was demoted does not take it back.
 *
 * The last administrator stays one, also when two demote each other at the same moment. A role that the account has
 * already is granted again without a word.
 */
export async function grantRole({ id, role }: GrantRole, { db, clock, caller }: Deps) {
  return db.transaction(async (tx) => {
    const roles = await lockedWithAdmins(tx, id)
    if (roles.get(caller.id) !== 'admin') throw requestProblem('forbidden')
    if (!roles.has(id)) throw problem('unknown-account')
    if (role !== 'admin' && isLastAdmin(roles, id)) throw problem('last-admin')

    if (roles.get(id) !== role)
      tx.emit(RoleGranted, { accountId: id, role, grantedAt: clock.now().toISOString() })
    return ok(await setRole(tx, id, role))
  })
}

export default http(GrantRole, inOpenSession(grantRole))
