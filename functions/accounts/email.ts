/** How an e-mail address is written here, so that one person's spellings are one account. */
export const emailOf = (given: string): string => given.trim().toLowerCase()

/**
 * What is taken for an e-mail address. ASCII before the @: look-alike letters, and letters whose lower case depends on
 * the language, would make two accounts of one address or one of two.
 */
export const EMAIL_RULES = { allow_utf8_local_part: false } as const

/** The longest e-mail address that can be delivered to (RFC 3696, erratum 1690). */
export const LONGEST_EMAIL = 254
