import { AccountRegistered } from '#events/accounts/account-registered.v1/event'
import { accepted, http, type Deps } from '#runtime/http'
import { openCodes, type Codes } from '../code'
import { emailOf } from '../email'
import { hashPassword } from '../password'
import { announceCode, newCode, takeTurn } from '../verification'
import { Register } from './input'
import { addRegistration } from './store'

type Ports = { codes: Codes }

/**
 * Takes a registration and sends its address a code.
 *
 * Anybody can register anybody's address, and before its owner does. So a registration opens nothing: it waits, with its
 * own name and password, beside others of that address, for its own code. The owner gets the password that belongs to
 * the code the owner types in, whatever strangers registered before or after.
 *
 * The answer, and the work done for it, is the same whether or not the address is known: who asks cannot find out. An
 * account is not changed in any way. An address gets five codes from here in ten minutes; who registers it once more is
 * ignored. The turn is taken in every case, or a resend would tell what this does not, but not waited for: a stranger
 * would keep the owner from a code.
 */
export async function register({ email: given, password, name }: Register, deps: Deps & Ports) {
  const { db, clock, ids, codes } = deps
  const email = emailOf(given)
  const passwordHash = await hashPassword(password)
  const registeredAt = clock.now()
  const registration = { id: ids.next(), email, name: name.trim(), passwordHash, registeredAt }
  const code = newCode(registration.id, codes, registeredAt)
  return db.transaction(async (tx) => {
    const [, isAdded] = await Promise.all([
      takeTurn(tx, email, registeredAt),
      addRegistration(tx, registration, code),
    ])
    if (isAdded) {
      const { id: accountId, name: known } = registration
      tx.emit(AccountRegistered, {
        ...{ accountId, email, name: known, role: 'customer' },
        registeredAt: registeredAt.toISOString(),
      })
      announceCode(tx, registration, code)
    }
    return accepted({ email })
  })
}

export default http(Register, register, { codes: openCodes })
