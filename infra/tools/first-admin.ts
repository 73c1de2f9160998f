import { randomBytes } from 'node:crypto'
import { AccountRegistered } from '#events/accounts/account-registered.v1/event'
import { RegistrationLapsed } from '#events/accounts/registration-lapsed.v1/event'
import { announcing } from '#runtime/announce'
import { systemClock, systemIds, type Clock, type Ids } from '#runtime/clock'
import { openDatabase, type Tx } from '#runtime/database'
import { emailOf } from '../../functions/accounts/email'
import { hashPassword, isPassword } from '../../functions/accounts/password'
import { endRegistrations } from '../../functions/accounts/registration'

/** Who is to be the first administrator, and where. */
export interface FirstAdmin {
  /** Connection string of the accounts database, migrated. */
  url: string
  email: string
  /** At least 8 characters, as for anyone. */
  password: string
  clock?: Clock
  ids?: Ids
}

/** What became of it; an account that is there already keeps its password, be it the one that was given or another. */
export type Outcome = 'made' | 'there' | 'there with another password'

/**
 * Makes a shop's first administrator, verified, straight in the accounts database: nobody is there yet who could grant
 * the role. The account's registration is announced by the same commit, and relay-accounts sends it, so that mail learns
 * the address.
 *
 * An account at that address that is no administrator is a mistake to be looked at, and throws. Registrations of the address whose code nobody has used
 * yet are forgotten: anybody can make one.
 */
export async function createFirstAdmin(admin: FirstAdmin): Promise<Outcome> {
  const { url, email, password, clock = systemClock, ids = systemIds } = admin
  if (password.length < 8) throw new Error('the password of an administrator has at least 8 characters')
  const connections = openDatabase({ DATABASE_URL: url, DATABASE_CONNECTIONS: '1' })
  try {
    const account = { id: ids.next(), email: emailOf(email), passwordHash: await hashPassword(password) }
    const db = connections.within(announcingFor({ clock, ids }))
    const known = await db.transaction((tx) => addAdmin(tx, account, clock.now()))
    if (known === undefined) return 'made'
    return (await isPassword(password, known.passwordHash)) ? 'there' : 'there with another password'
  } finally {
    await connections.end()
  }
}

/** Adds the account; of one that is there already, its password's hash. */
async function addAdmin(
  tx: Tx,
  { id, email, passwordHash }: { id: string; email: string; passwordHash: string },
  now: Date,
): Promise<{ passwordHash: string } | undefined> {
  const name = 'Administrator'
  const { rowCount } = await tx.query(
    `insert into accounts (id, email, name, password_hash, role, registered_at, verified_at)
     values ($1, $2, $3, $4, 'admin', $5, $5) on conflict (email) do nothing`,
    [id, email, name, passwordHash, now],
  )
  if (rowCount === 1) {
    await endRegistrations(tx, { email, now })
    const registeredAt = now.toISOString()
    tx.emit(AccountRegistered, { accountId: id, email, name, role: 'admin', registeredAt })
    return undefined
  }
  const { rows } = await tx.query<{ role: string; passwordHash: string }>(
    'select role, password_hash as "passwordHash" from accounts where email = $1',
    [email],
  )
  const [known] = rows
  if (known?.role !== 'admin') throw new Error(`${email} is registered and is not an administrator`)
  return known
}

/** What an operation of the domain would be given: a trace begins here, and the relay does the sending. */
function announcingFor(made: { clock: Clock; ids: Ids }) {
  const operation = {
    name: 'first-admin',
    domain: 'accounts',
    promise: "Makes a shop's first administrator.",
    emits: [AccountRegistered.path, RegistrationLapsed.path],
  }
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')]
  const trace = { traceId, spanId, traceparent: `00-${traceId}-${spanId}-01` }
  return announcing(operation, made, trace, { correlationId: traceId }, () => undefined)
}
