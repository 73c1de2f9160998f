import { createHmac, randomInt, timingSafeEqual } from 'node:crypto'
import { setting, type Environment } from '#runtime/operation'

/** Six digits that prove an address: how they are drawn, kept and compared. */
export interface Codes {
  draw(): string
  /** What is kept of a code; it is of use for that registration only. */
  hash(registrationId: string, code: string): string
  /** Compares in constant time. */
  matches(hash: string, registrationId: string, code: string): boolean
}

/**
 * Codes are drawn by the operating system's random numbers. Six digits are too few for a plain hash, which a stolen
 * table would give away in a moment, so they are kept as an HMAC with the secret VERIFICATION_PEPPER.
 */
export function openCodes(env: Environment): Codes {
  const pepper = setting(env, 'VERIFICATION_PEPPER')
  const digest = (registrationId: string, code: string) =>
    createHmac('sha256', pepper).update(`${registrationId}:${code}`).digest()
  return {
    draw: () => String(randomInt(1_000_000)).padStart(6, '0'),
    hash: (registrationId, code) => digest(registrationId, code).toString('hex'),
    matches: (hash, registrationId, code) =>
      timingSafeEqual(Buffer.from(hash, 'hex'), digest(registrationId, code)),
  }
}
