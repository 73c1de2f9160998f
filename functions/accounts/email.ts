import { domainToASCII, domainToUnicode } from 'node:url'

/** How an e-mail address is written here, so that one person's spellings are one account. */
export function emailOf(given: string): string {
  const text = given.trim().toLowerCase()
  const at = text.lastIndexOf('@')
  const domain = domainToUnicode(domainToASCII(text.slice(at + 1)))
  return domain === '' ? text : `${text.slice(0, at)}@${domain}`
}

/**
 * What is taken for an e-mail address. ASCII before the @: look-alike letters, and letters whose lower case depends on
 * the language, would make two accounts of one address or one of two. Nor what has to be quoted, for the same reason, and
 * since nobody has it but who wants to smuggle a line into a letter.
 */
export const EMAIL_RULES = { allow_utf8_local_part: false, blacklisted_chars: '"\\\\\\s' } as const

/** The longest e-mail address that can be delivered to (RFC 3696, erratum 1690). */
export const LONGEST_EMAIL = 254
