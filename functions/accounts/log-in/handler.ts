import { http, type Deps } from '#runtime/http'
import { emailOf } from '../email'
import { exhausted } from '../limit'
import { isPassword, NOBODYS_HASH } from '../password'
import { problem } from '../problems'
import { tokensFor } from '../session'
import { newRefreshToken, openSigner, type SignAccess } from '../token'
import { LogIn } from './input'
import { claimantOf, openSession } from './store'
import { countTry, forgetTries, LOG_INS } from './tries'

type Ports = { signAccess: SignAccess }

/**
 * Opens a session for who knows the password.
 *
 * An unknown address costs the same work and gets the same answers as a wrong password, and only who knows the password
 * is told that the address is not verified: of several registrations that of the latest, so that an answer costs one hash
 * and no more. After ten tries in fifteen minutes an address is shut for a short time that
 * grows. Few at once in one process: each check takes 19 MiB and some 60 ms of its only thread; that no more than ten
 * are under way in all also keeps right passwords at the same moment from shutting an address. A password that was reset
 * while it was being looked at opens nothing: the reset closed every session, and none may open behind its back.
 */
export async function logIn({ email: given, password }: LogIn, { db, clock, ids, signAccess }: Deps & Ports) {
  const email = emailOf(given)
  const now = clock.now()
  const wait = await countTry(db, email, now)
  if (wait > 0) throw problem('too-many-attempts', {}, exhausted(LOG_INS, wait))

  const claimant = await claimantOf(db, email)
  const isRight = await isPassword(password, claimant?.passwordHash ?? NOBODYS_HASH)
  if (!claimant || !isRight) throw wrong()

  const { id: accountId, role, isVerified } = claimant
  const sessionId = ids.next()
  const { token: refreshToken, hash: refreshHash } = newRefreshToken()
  const isOpen = await db.transaction(async (tx) => {
    forgetTries(tx, email, now)
    return isVerified && openSession(tx, claimant, { id: sessionId, refreshHash }, now)
  })
  if (!isVerified) throw problem('not-verified')
  if (!isOpen) throw wrong()

  const bearer = { accountId, role, sessionId, tokenId: ids.next() }
  return tokensFor(bearer, refreshToken, { signAccess, now })
}

/** RFC 9110, section 15.5.2: a 401 names a scheme. */
const wrong = () => problem('wrong-credentials', {}, { 'WWW-Authenticate': 'Bearer' })

export default http(LogIn, logIn, { signAccess: openSigner })
