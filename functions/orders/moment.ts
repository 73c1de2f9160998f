/** Read here: Postgres knows fewer time zones than a client may write. */
export const momentOf = (text: string | undefined): Date | null =>
  text === undefined ? null : new Date(text)
