/** A day or a moment (RFC 3339); the many other forms of ISO 8601 mean different things to different readers. */
export const MOMENT = /^[1-9]\d{3}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?$/

/** Read here: Postgres knows fewer time zones than a client may write. */
export const momentOf = (text: string | undefined): Date | null =>
  text === undefined ? null : new Date(text)
