import { createHash, createPrivateKey, randomBytes, type JsonWebKey, type KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'
import { AUDIENCE, ISSUER, type Role } from '#runtime/caller'
import { setting, type Environment } from '#runtime/operation'

/** Seconds. */
export const ACCESS_LIFETIME = 900
export const REFRESH_LIFETIME_MS = 30 * 24 * 3_600_000

/** Who an access token speaks for. */
export interface Bearer {
  accountId: string
  role: Role
  sessionId: string
  /** The token's own id. */
  tokenId: string
}

/** Signs an access token that is good for 15 minutes from `now`. */
export type SignAccess = (bearer: Bearer, now: Date) => Promise<string>

/**
 * Tokens are signed with Ed25519 (RFC 8037). The key is ACCESS_TOKEN_KEY, a private JWK; its `kid` goes into the header,
 * so that verifiers keep working while keys are changed. A process without a usable key does not start.
 */
export function openSigner(env: Environment): SignAccess {
  const { kid, key } = signingKey(setting(env, 'ACCESS_TOKEN_KEY'))
  return ({ accountId, role, sessionId, tokenId }, now) =>
    new SignJWT({ sid: sessionId, role })
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'JWT' })
      .setSubject(accountId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setExpirationTime(Math.floor(now.getTime() / 1000) + ACCESS_LIFETIME)
      .setJti(tokenId)
      .sign(key)
}

/** A parser's message quotes what it could not read; a key must not stand in a log, so the cause is left out. */
function signingKey(text: string): { kid: string; key: KeyObject } {
  let found: { kid?: unknown; key: KeyObject } | undefined
  try {
    const jwk = JSON.parse(text) as JsonWebKey
    found = { kid: jwk['kid'], key: createPrivateKey({ key: jwk, format: 'jwk' }) }
  } catch {
    found = undefined
  }
  const { kid, key } = found ?? {}
  if (typeof kid !== 'string' || key?.asymmetricKeyType !== 'ed25519') {
    throw new Error('ACCESS_TOKEN_KEY is not a private Ed25519 JWK with a kid')
  }
  return { kid, key }
}

/** A new refresh token, 256 random bits, and the SHA-256 that is kept of it. */
export function newRefreshToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: hashOfToken(token) }
}

/** Without salt or key: nobody can guess 256 random bits. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex')
