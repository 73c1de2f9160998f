import { PasswordResetRequested } from '#events/accounts/password-reset-requested.v1/event'
import { accepted, http, type Deps } from '#runtime/http'
import { openCodes, type Codes } from '../code'
import { emailOf } from '../email'
import { exhausted } from '../limit'
import { problem } from '../problems'
import { RequestPasswordReset } from './input'
import { accountAt, restOf, takeTurn } from './store'

type Ports = { codes: Codes }

/**
 * Sends who forgot a password a code to choose another.
 *
 * The answer, the rest until the next and the work are the same whether or not the address has an account: a code is
 * drawn and kept for any, and only the letter is not sent. The password stays good until the code is used, so who asks
 * for somebody else's address changes nothing. A new code takes the place of the last.
 */
export async function requestPasswordReset({ email: given }: RequestPasswordReset, deps: Deps & Ports) {
  const { db, clock, ids, codes } = deps
  const email = emailOf(given)
  const now = clock.now()
  const id = ids.next()
  const code = codes.draw()
  const reset = { id, email, codeHash: codes.hash(id, code) }
  const rested = await db.transaction(async (tx) => {
    const [isTurn, account] = await Promise.all([takeTurn(tx, reset, now), accountAt(tx, email)])
    if (isTurn && account) tx.emit(PasswordResetRequested, { ...account, email, code })
    return isTurn
  })
  if (rested) return accepted({ email })
  const { policy, seconds } = await restOf(db, email, now)
  throw problem('too-soon', {}, exhausted(policy, seconds))
}

export default http(RequestPasswordReset, requestPasswordReset, { codes: openCodes })
