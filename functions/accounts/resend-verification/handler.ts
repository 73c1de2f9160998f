import { accepted, http, type Deps } from '#runtime/http'
import { openCodes, type Codes } from '../code'
import { emailOf } from '../email'
import { exhausted } from '../limit'
import { problem } from '../problems'
import { announceCode, newCode, RESENDS, restOf, takeTurn } from '../verification'
import { ResendVerification } from './input'
import { replaceCode, waitingAt } from './store'

type Ports = { codes: Codes }

/**
 * Sends an address that is not verified yet a new code.
 *
 * Every registration of the address whose code could still be used gets another in place of it, each in a letter to its
 * own name: a stranger who registered the same address later does not keep the owner from a code. When none could be
 * used, be it that they are old or that they were guessed at, the latest registration gets one and no other, so guessing
 * does not become easier by it.
 *
 * An address that nobody registered, and one that is verified, get the same answers and the same minute of rest, so
 * asking does not tell which addresses are known.
 */
export async function resendVerification({ email: given }: ResendVerification, deps: Deps & Ports) {
  const { db, clock, codes } = deps
  const email = emailOf(given)
  const now = clock.now()
  const sent = await db.transaction(async (tx) => {
    const [rested, waiting] = await Promise.all([takeTurn(tx, email, now), waitingAt(tx, email, now)])
    for (const registration of rested ? waiting : []) {
      const code = newCode(registration.id, codes, now)
      replaceCode(tx, registration.id, code)
      announceCode(tx, registration, code)
    }
    return rested
  })
  if (sent) return accepted({ email })
  throw problem('too-soon', {}, exhausted(RESENDS, await restOf(db, email, now)))
}

export default http(ResendVerification, resendVerification, { codes: openCodes })
