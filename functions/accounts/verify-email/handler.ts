import { AccountVerified } from '#events/accounts/account-verified.v1/event'
import type { Tx } from '#runtime/database'
import { http, noContent, type Deps } from '#runtime/http'
import { addressOf } from '../account'
import { openCodes, type Codes } from '../code'
import { problem } from '../problems'
import type { Registration } from '../registration'
import { VerifyEmail } from './input'
import { claimsOf, endCodes, openAccount, spendTry, TRIES } from './store'

type Ports = { codes: Codes }

/**
 * Proves an address by the code that was sent to it.
 *
 * The account that opens has the name and the password of the registration that the code was sent for; every other
 * registration of the address is forgotten with its code.
 *
 * A try is spent and committed whether the code is right or wrong, so guesses at the same moment count too; the fifth
 * wrong one ends all codes of the address. Each is compared in constant time, and one that fits two registrations opens
 * neither. A wrong, an old, a spent, a used code and an address that nobody registered are one refusal: it tells
 * nothing. A code works once; a caller who lost the answer repeats the request with its Idempotency-Key and is given
 * that answer.
 */
export async function verifyEmail({ email, code }: VerifyEmail, { db, clock, codes }: Deps & Ports) {
  const address = addressOf(email)
  const now = clock.now()
  const reply = await db.transaction(async (tx) => {
    const [tries = 0, claims] = await Promise.all([spendTry(tx, address), claimsOf(tx, address, now)])
    const [right, ...others] = claims.filter(({ id, codeHash }) => codes.matches(codeHash, id, code))
    if (right && others.length === 0) return (await open(tx, right, now)) ? noContent() : undefined

    if (tries >= TRIES) endCodes(tx, address, now)
    return undefined
  })
  if (!reply) throw problem('wrong-code')
  return reply
}

async function open(tx: Tx, registration: Registration, now: Date): Promise<boolean> {
  const isNews = await openAccount(tx, registration, now)
  if (!isNews) return false
  tx.emit(AccountVerified, { accountId: registration.id, verifiedAt: now.toISOString() })
  return true
}

export default http(VerifyEmail, verifyEmail, { codes: openCodes })
