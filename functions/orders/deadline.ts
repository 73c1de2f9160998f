const HOUR_MS = 3_600_000

/** An order that is not paid this long after its acceptance is cancelled. */
export const DEADLINE_HOURS = 24

/** How many hours after its acceptance the customer of an unpaid order is reminded. */
export const REMINDER_HOURS = [4, 8, 16] as const

/** The moment so many hours before another. */
export const hoursBefore = (moment: Date, hours: number): Date => new Date(moment.getTime() - hours * HOUR_MS)

/** Until when an order that was accepted then can be paid. */
export const deadlineOf = (acceptedAt: Date): Date => hoursBefore(acceptedAt, -DEADLINE_HOURS)
