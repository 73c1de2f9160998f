import { generateKeyPairSync } from 'node:crypto'
import type { Connections } from '#runtime/database'
import { openCodes } from '../../functions/accounts/code'
import { NOBODYS_HASH } from '../../functions/accounts/password'
import { hashOfToken } from '../../functions/accounts/token'

/** A secret that is none. */
export const PEPPER = { VERIFICATION_PEPPER: 'a pepper for tests' }

/** Codes as the functions keep them. */
export const CODES = openCodes(PEPPER)

interface Unusual {
  id?: string
  name?: string
  passwordHash?: string
  role?: string
  verifiedAt?: string
}

/** Somebody has an account. */
export const account =
  (email: string, unusual: Unusual = {}) =>
  (db: Connections) =>
    db.query(
      `insert into accounts (id, email, name, password_hash, role, registered_at, verified_at)
       values ($1, $2, $3, $4, $5, '2026-03-01T09:00:00Z', $6)`,
      [
        unusual.id ?? 'ada',
        email,
        unusual.name ?? 'Ada Lovelace',
        unusual.passwordHash ?? NOBODYS_HASH,
        unusual.role ?? 'customer',
        unusual.verifiedAt ?? '2026-03-01T09:00:00Z',
      ],
    )

interface Claimed {
  id?: string
  name?: string
  passwordHash?: string
  registeredAt?: string
  code?: string
  expiresAt?: string
}

/** Somebody has registered an address and was sent a code; the address rests no more. */
export const registration =
  (email: string, claimed: Claimed = {}) =>
  async (db: Connections) => {
    const { id = 'ada', code = '048213' } = claimed
    await db.query(
      `insert into verifications (email, rests_until) values ($1, '2026-03-01T09:01:00Z')
       on conflict do nothing`,
      [email],
    )
    await db.query(
      `insert into registrations (id, email, name, password_hash, registered_at, code_hash, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        id,
        email,
        claimed.name ?? 'Ada Lovelace',
        claimed.passwordHash ?? NOBODYS_HASH,
        claimed.registeredAt ?? '2026-03-01T09:00:00Z',
        CODES.hash(id, code),
        claimed.expiresAt ?? '2026-03-01T10:10:00Z',
      ],
    )
  }

/** An address was sent a code a moment ago, by whatever operation. */
export const resting = (email: string, until: string) => (db: Connections) =>
  db.query(
    `insert into verifications (email, rests_until) values ($1, $2)
     on conflict (email) do update set rests_until = excluded.rests_until`,
    [email, until],
  )

interface Opened {
  accountId?: string
  refreshToken?: string
  expiresAt?: string
}

/** An account has a session, with one refresh token that is not spent; its id makes both. */
export const session =
  (id: string, { accountId = 'ada', refreshToken, expiresAt }: Opened = {}) =>
  async (db: Connections) => {
    await db.query(
      `insert into sessions (id, account_id, created_at, expires_at) values ($1, $2, '2026-03-01T09:30:00Z', $3)`,
      [id, accountId, expiresAt ?? '2026-03-31T09:30:00Z'],
    )
    await db.query(
      `insert into refresh_tokens (hash, session_id, issued_at) values ($1, $2, '2026-03-01T09:30:00Z')`,
      [hashOfToken(refreshToken ?? `token of ${id}`), id],
    )
  }

/** Somebody with an account is logged in: a token of `bearer` is of this session. */
export const loggedIn = (accountId: string) => session(`session of ${accountId}`, { accountId })

interface Asked {
  code?: string
  expiresAt?: string
  restsUntil?: string
  requests?: number
  since?: string
}

/** Somebody asked to reset the password of an address, and a code was made; the address rests no more. */
export const resetAsked =
  (email: string, { code = '048213', expiresAt, restsUntil, requests = 1, since }: Asked = {}) =>
  (db: Connections) =>
    db.query(
      `insert into password_resets (email, id, code_hash, expires_at, rests_until, requests, since)
       values ($1, 'reset', $2, $3, $4, $5, $6)`,
      [
        email,
        CODES.hash('reset', code),
        expiresAt ?? '2026-03-01T10:09:00Z',
        restsUntil ?? '2026-03-01T10:00:00Z',
        requests,
        since ?? '2026-03-01T09:59:00Z',
      ],
    )

/** A key to sign access tokens with, and the one to verify them with, both as JWK. */
export function accessKeys() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const said = { kid: 'test', alg: 'EdDSA', use: 'sig' }
  return {
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...said },
    publicJwk: { ...publicKey.export({ format: 'jwk' }), ...said },
  }
}
