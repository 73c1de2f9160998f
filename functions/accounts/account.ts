/** How an address is written here, so that one person's spellings are one account. */
export const addressOf = (email: string): string => email.trim().toLowerCase()

/**
 * What is taken for a mail address. ASCII before the @: look-alike letters, and letters whose lower case depends on the
 * language, would make two accounts of one address or one of two.
 */
export const ADDRESS = { allow_utf8_local_part: false } as const

/** The longest address that can be delivered to (RFC 3696, erratum 1690). */
export const ADDRESS_LENGTH = 254
