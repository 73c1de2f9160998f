import { randomBytes } from 'node:crypto'
import { argon2id, argon2Verify } from 'hash-wasm'

/** Argon2id at the least that OWASP's Password Storage Cheat Sheet allows: 19 MiB, two passes, one lane. */
const COST = { memorySize: 19_456, iterations: 2, parallelism: 1, hashLength: 32 } as const

/** The encoded hash (`$argon2id$v=19$m=19456,t=2,p=1$...`) of a password, with a salt of its own. */
export const hashPassword = (password: string): Promise<string> =>
  argon2id({ ...COST, password: canonical(password), salt: randomBytes(16), outputType: 'encoded' })

export const isPassword = (password: string, hash: string): Promise<boolean> =>
  argon2Verify({ password: canonical(password), hash })

/**
 * The hash of a password nobody knows, at the same cost. Where there is no account, the password is checked against it,
 * so that the time an answer takes does not tell whether an address is known.
 */
export const NOBODYS_HASH = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** One password, however a keyboard composes its letters (NIST SP 800-63B, section 5.1.1.2). */
const canonical = (password: string) => password.normalize('NFKC')
