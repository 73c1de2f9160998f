import { AccountVerified } from '#events/accounts/account-verified.v1/event'
import type { Tx } from '#runtime/database'
import { http, noContent, type Deps } from '#runtime/http'
import { openCodes, type Codes } from '../code'
import { emailOf } from '../email'
import { problem } from '../problems'
import { endRegistrations, type Registration } from '../registration'
import { VerifyEmail } from './input'
import { claimsOf, endCodes, openAccount, spendTry, TRIES } from './store'

type Ports = { codes: Codes }

/**
 * Proves an address by the code that was sent to it.
 *
 * The account that opens has the name and the password of the registration that the code was sent for; every other
 * registration of the address lapses and is forgotten with its code.
 *
 * A try is spent and committed whether the code is right or wrong, so guesses at the same moment count too, whoever's clock is
 * behind; the fifth wrong one ends all codes of the address. Each is compared in constant time, and one that fits two registrations opens
 * neither. A wrong, an old, a spent, a used code and an address that nobody registered are one refusal: it tells
 * nothing. A code works once; a caller who lost the answer repeats the request with its Idempotency-Key and is given
 * that answer.
 */
export async function verifyEmail({ email: given, code }: VerifyEmail, { db, clock, codes }: Deps & Ports) {
  const email = emailOf(given)
  const now = clock.now()
  const reply = await db.transaction(async (tx) => {
    const [tries = 0, claims] = await Promise.all([spendTry(tx, email), claimsOf(tx, email, now)])
    if (tries > TRIES) return undefined
    const [right, ...others] = claims.filter(({ id, codeHash }) => codes.matches(codeHash, id, code))
    if (right && others.length === 0) return (await open(tx, right, now)) ? noContent() : undefined

    if (tries >= TRIES) endCodes(tx, email, now)
    return undefined
  })
  if (!reply) throw problem('wrong-code')
  return reply
}

async function open(tx: Tx, registration: Registration, now: Date): Promise<boolean> {
  const { id, email } = registration
  const isNews = await openAccount(tx, registration, now)
  if (isNews) tx.emit(AccountVerified, { accountId: id, verifiedAt: now.toISOString() })
  await endRegistrations(tx, { email, now, openedId: isNews ? id : undefined })
  return isNews
}

export default http(VerifyEmail, verifyEmail, { codes: openCodes })
