import { PasswordChanged } from '#events/accounts/password-changed.v1/event'
import type { Tx } from '#runtime/database'
import { http, noContent, type Deps } from '#runtime/http'
import { openCodes, type Codes } from '../code'
import { emailOf } from '../email'
import { hashPassword } from '../password'
import { problem } from '../problems'
import { closeSessions } from '../session'
import { ResetPassword } from './input'
import { changePassword, spendTry } from './store'

type Ports = { codes: Codes }

/**
 * Gives an account another password for the code that was sent to it.
 *
 * Every session is closed by the same commit, and an address that was shut after wrong log-ins is open again: whoever
 * knew the old password is out, whoever reads the mail is in.
 *
 * A try is spent and committed whether the code is right or wrong, so guesses at the same moment count too, and the code
 * dies with the fifth. A wrong, an old, a spent, a used code and an address without an account are one refusal: it tells
 * nothing. A code works once; a caller who lost the answer repeats the request with its Idempotency-Key and is given that
 * answer. The new password is hashed before anything is looked at, so no lock waits for it.
 */
export async function resetPassword({ email: given, code, password }: ResetPassword, deps: Deps & Ports) {
  const { db, clock, codes } = deps
  const email = emailOf(given)
  const passwordHash = await hashPassword(password)
  const now = clock.now()
  const reply = await db.transaction(async (tx) => {
    const reset = await spendTry(tx, email, now)
    if (!reset || !codes.matches(reset.codeHash, reset.id, code)) return undefined
    return (await change(tx, email, passwordHash, now)) ? noContent() : undefined
  })
  if (!reply) throw problem('wrong-code')
  return reply
}

async function change(tx: Tx, email: string, passwordHash: string, now: Date): Promise<boolean> {
  const accountId = await changePassword(tx, email, passwordHash)
  if (accountId === undefined) return false
  closeSessions(tx, accountId, now)
  tx.emit(PasswordChanged, { accountId, changedAt: now.toISOString() })
  return true
}

export default http(ResetPassword, resetPassword, { codes: openCodes })
