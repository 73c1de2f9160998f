import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import { setting, type Environment } from '#runtime/operation'

/** Six digits that prove who reads an address's mail: how they are drawn, kept and compared. */
export interface Codes {
  draw(): string
  /** What is kept of a code; it is of use for that one thing only: a registration, the reset of a password. */
  hash(ownerId: string, code: string): string
  /** Compares in constant time. */
  matches(hash: string, ownerId: string, code: string): boolean
}

/**
 * Codes are drawn by the operating system's random numbers. Six digits are too few for a plain hash, which a stolen
 * table would give away in a moment, so they are kept as an HMAC with the secret VERIFICATION_PEPPER.
 */
export function openCodes(env: Environment): Codes {
  const pepper = setting(env, 'VERIFICATION_PEPPER')
  const digest = (ownerId: string, code: string) =>
    createHmac('sha256', pepper).update(`${ownerId}:${code}`).digest()
  return {
    draw: () => String(randomInt(1_000_000)).padStart(6, '0'),
    hash: (ownerId, code) => digest(ownerId, code).toString('hex'),
    matches: (hash, ownerId, code) => timingSafeEqual(Buffer.from(hash, 'hex'), digest(ownerId, code)),
  }
}
