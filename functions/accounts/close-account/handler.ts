import { AccountClosed } from '#events/accounts/account-closed.v1/event'
import { http, noContent, type Deps } from '#runtime/http'
import { inOpenSession } from '../session'
import { isLastAdmin, lockedWithAdmins } from '../admins'
import { problem } from '../problems'
import { CloseAccount } from './input'
import { erase, forgetEmail, lockedRole, personOf } from './store'

/**
 * Closes an account and erases who it was.
 *
 * What is known of the person is deleted, not marked: name, e-mail address, password, sessions, postal addresses, and the
 * copies in events and in answers that could be asked for again, also those of other registrations of the address. An
 * event about them that was not sent yet goes as well: whoever would hear it would only have to forget it. Orders stay where they are, under an id that is never used again, and the
 * address can register anew.
 *
 * An account that is closed already is no mistake. Access tokens that are out stay good for 15 minutes at most in other
 * domains, as after a log-out, but speak for nobody here. The last administrator cannot go, be it two at the same moment.
 */
export async function closeAccount(_input: object, { db, clock, caller: { id: accountId } }: Deps) {
  const now = clock.now()
  await db.transaction(async (tx) => {
    const person = await personOf(tx, accountId)
    if (!person) return
    await forgetEmail(tx, person.email, now)
    const locked = person.role === 'admin' ? lockedWithAdmins : lockedRole
    const roles = await locked(tx, accountId)
    if (!roles.has(accountId)) return
    if (isLastAdmin(roles, accountId)) throw problem('last-admin')

    erase(tx, { accountId, email: person.email })
    tx.emit(AccountClosed, { accountId, closedAt: now.toISOString() })
  })
  return noContent()
}

export default http(CloseAccount, inOpenSession(closeAccount, { orErased: true }))
