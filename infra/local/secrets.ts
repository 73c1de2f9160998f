import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { damaged } from './damage'

/** What an installation must keep to itself; made once, at random, and never overwritten. */
export interface Secrets {
  adminPassword: string
  /** The Ed25519 private key that signs access tokens, as a JWK with its `kid`. */
  accessTokenKey: { kty: string; crv: string; x: string; d: string; kid: string; alg: string; use: string }
  verificationPepper: string
  gatewayKey: string
  noticeSecret: string
  redisToken: string
}

export const ADMIN_EMAIL = 'admin@kiosk.example'

/**
 * Reads the secrets of an installation, or makes them: `made` tells which, since a new password is shown once. A file
 * that does not hold all of them is an error, one sentence.
 */
export function secretsIn(file: string): { secrets: Secrets; made: boolean } {
  if (existsSync(file)) return { secrets: read(file), made: false }
  const secrets = newSecrets()
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return { secrets, made: true }
}

function read(file: string): Secrets {
  const text = readFileSync(file, 'utf8')
  try {
    const secrets = JSON.parse(text) as Secrets
    const missing = missingFrom(secrets, newSecrets())
    if (missing !== undefined) throw new Error(`${missing} is missing`)
    return secrets
  } catch (error) {
    throw damaged(
      'secrets',
      file,
      error instanceof SyntaxError ? 'it is not whole JSON' : (error as Error).message,
    )
  }
}

/** The first of a model's fields that is not there, or of another kind or empty. */
function missingFrom(given: unknown, model: object): string | undefined {
  const fields = (given ?? {}) as Record<string, unknown>
  for (const [name, value] of Object.entries(model) as [string, unknown][]) {
    const field = fields[name]
    if (typeof field !== typeof value || !field) return name
    const within = typeof value === 'object' && value ? missingFrom(field, value) : undefined
    if (within !== undefined) return `${name}.${within}`
  }
  return undefined
}

function newSecrets(): Secrets {
  const random = (bytes: number) => randomBytes(bytes).toString('base64url')
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as Record<
    string,
    string
  >
  return {
    adminPassword: random(12),
    accessTokenKey: { kty: kty!, crv: crv!, x: x!, d: d!, kid: random(8), alg: 'EdDSA', use: 'sig' },
    verificationPepper: random(32),
    gatewayKey: random(24),
    noticeSecret: randomBytes(32).toString('base64'),
    redisToken: random(24),
  }
}

/** The key that others may know: what publish-keys answers. */
export function publicKeys({ accessTokenKey: { d: _, ...key } }: Secrets): string {
  return JSON.stringify({ keys: [key] })
}
