import { VerificationRequested } from '#events/accounts/verification-requested.v1/event'
import type { Queryable, Tx } from '#runtime/database'
import type { Codes } from './code'
import { secondsUntil, type Policy } from './limit'
import type { Registration } from './registration'

const REST_MS = 60_000
const LIFETIME_MS = 600_000

/** How often an address is sent its codes again. */
export const RESENDS: Policy = { name: 'resend-verification', quota: 1, window: REST_MS / 1000 }

/**
 * Locks an address until the commit and takes its turn to be sent a code; false while the last turn is less than a
 * minute ago. One conditional statement, so of two at once only one has it. An address nobody has registered takes turns
 * like any other: who may not know which addresses are known must see no difference.
 *
 * Wrong tries are forgotten once no code is left that they could count against.
 */
export async function takeTurn(tx: Tx, email: string, now: Date): Promise<boolean> {
  const turn = tx.query(
    `insert into verifications as last (email, rests_until) values ($1, $2)
     on conflict (email) do update set rests_until = excluded.rests_until where last.rests_until <= $3`,
    [email, new Date(now.getTime() + REST_MS), now],
  )
  tx.write(
    `update verifications set tries = 0
      where email = $1 and not exists (select from registrations where email = $1 and expires_at > $2)`,
    [email, now],
  )
  return (await turn).rowCount === 1
}

/** Whole seconds until an address may have its next turn, at least one. */
export async function restOf(db: Queryable, email: string, now: Date): Promise<number> {
  const { rows } = await db.query<{ until: Date }>(
    'select rests_until as until from verifications where email = $1',
    [email],
  )
  return secondsUntil(rows[0]?.until, now)
}

/** A code of one registration, and what is kept of it. */
export interface NewCode {
  code: string
  codeHash: string
  expiresAt: Date
}

/** Draws a registration's code, good for ten minutes. */
export function newCode(registrationId: string, codes: Codes, now: Date): NewCode {
  const code = codes.draw()
  const expiresAt = new Date(now.getTime() + LIFETIME_MS)
  return { code, codeHash: codes.hash(registrationId, code), expiresAt }
}

/** Announces a registration's code, to be sent by mail. */
export function announceCode(
  tx: Tx,
  { id: accountId, email, name }: Pick<Registration, 'id' | 'email' | 'name'>,
  { code, expiresAt }: NewCode,
): void {
  tx.emit(VerificationRequested, { accountId, email, name, code, expiresAt: expiresAt.toISOString() })
}
