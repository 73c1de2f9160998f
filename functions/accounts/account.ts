import { requestProblem } from '#runtime/problem'

/** How an address is written here, so that one person's spellings are one account. */
export const addressOf = (email: string): string => email.trim().toLowerCase()

/**
 * What is taken for a mail address. ASCII before the @: look-alike letters, and letters whose lower case depends on the
 * language, would make two accounts of one address or one of two.
 */
export const ADDRESS = { allow_utf8_local_part: false } as const

/** The longest address that can be delivered to (RFC 3696, erratum 1690). */
export const ADDRESS_LENGTH = 254

/** Something visible, and nothing that a mail's header or a terminal would obey. */
export const VISIBLE = /^\p{Zs}*[^\s\p{Cc}]\P{Cc}*$/u

/** Says to who has a token that the account was closed since: the token speaks for nobody (RFC 6750, section 3.1). */
export const nobody = () =>
  requestProblem('unauthenticated', {}, { 'WWW-Authenticate': 'Bearer error="invalid_token"' })
