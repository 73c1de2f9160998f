import { RegistrationLapsed } from '#events/accounts/registration-lapsed.v1/event'
import type { Tx } from '#runtime/database'

/** What somebody says who wants an account. Whoever types in its code gets exactly this account. */
export interface Registration {
  /** The account's, once there is one. */
  id: string
  /** As `emailOf` writes it. */
  email: string
  name: string
  passwordHash: string
  registeredAt: Date
}

/**
 * Forgets every registration of an e-mail address that the caller has locked. All have lapsed but the one that is the
 * address's account from now on, if one is.
 */
export async function endRegistrations(
  tx: Tx,
  { email, now, openedId }: { email: string; now: Date; openedId?: string | undefined },
): Promise<void> {
  const { rows } = await tx.query<{ id: string }>('delete from registrations where email = $1 returning id', [
    email,
  ])
  announceLapses(
    tx,
    rows.map(({ id }) => id).filter((id) => id !== openedId),
    now,
  )
}

/** Announces that registrations were forgotten: whoever learned of them has to forget them as well. */
export function announceLapses(tx: Tx, registrationIds: string[], now: Date): void {
  for (const accountId of registrationIds)
    tx.emit(RegistrationLapsed, { accountId, lapsedAt: now.toISOString() })
}
