import { accepted, http, type Deps } from '#runtime/http'
import { addressOf } from '../account'
import { openCodes, type Codes } from '../code'
import { problem } from '../problems'
import { announceCode, newCode, restOf, takeTurn } from '../verification'
import { ResendVerification } from './input'
import { latestOf, replaceCode } from './store'

type Ports = { codes: Codes }

/**
 * Sends an address that is not verified yet a new code.
 *
 * The code is for the latest registration of the address: the old code of that one is worth nothing from then on, the
 * codes of others stay as they are. An address that nobody registered, and one that is verified, get the same answers
 * and the same minute of rest, so asking does not tell which addresses are known.
 */
export async function resendVerification({ email }: ResendVerification, deps: Deps & Ports) {
  const { db, clock, codes } = deps
  const address = addressOf(email)
  const now = clock.now()
  const sent = await db.transaction(async (tx) => {
    const [rested, latest] = await Promise.all([takeTurn(tx, address, now), latestOf(tx, address)])
    if (rested && latest) {
      const code = newCode(latest.id, codes, now)
      replaceCode(tx, latest.id, code)
      announceCode(tx, latest, code)
    }
    return rested
  })
  if (sent) return accepted({ email: address })
  throw problem('too-soon', {}, { 'Retry-After': String(await restOf(db, address, now)) })
}

export default http(ResendVerification, resendVerification, { codes: openCodes })
