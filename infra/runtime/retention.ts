/**
 * How long what makes events happen once is kept, in days. The order of these numbers is what matters, and a test holds
 * it: an event can be brought again for `repeatable` days and no longer, by a replay counted from when it happened, by a
 * redrive from when it was buried. Its row in the outbox is there for at least as long, and every consumer remembers it
 * for longer than a broker, a replay and a redrive one after another could take.
 */
export const RETENTION = {
  /** An event may be replayed or redriven. */
  repeatable: 21,
  /** A broker holds an event that nobody took (`MAX_AGE_MS` of the embedded one). */
  broker: 7,
  /** The outbox keeps an event after it was sent. */
  outbox: 28,
  /** The inbox remembers an event that was handled. */
  inbox: 90,
  /** The answer to a request with an Idempotency-Key is kept; it is given again for 24 hours. */
  answers: 2,
} as const

const DAY_MS = 86_400_000

/** The moment so many days before another. */
export const daysBefore = (moment: Date, days: number): Date => new Date(moment.getTime() - days * DAY_MS)
