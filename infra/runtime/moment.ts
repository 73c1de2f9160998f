import { IsISO8601, Matches } from 'class-validator'

const DAY = '[1-9]\\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])'
const TIME = '([01]\\d|2[0-3]):[0-5]\\d'
const MOMENT = `T${TIME}:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]${TIME})`

/** A field with a moment: the `date-time` of RFC 3339, so with seconds and a time zone. `new Date` reads every one. */
export const IsMoment = (): PropertyDecorator =>
  written(`^${DAY}${MOMENT}$`, 'must be a moment with its time zone, such as 2026-03-01T10:00:00Z')

/** A field with a moment, or with a day, which is its first moment in UTC. */
export const IsMomentOrDay = (): PropertyDecorator =>
  written(
    `^${DAY}(${MOMENT})?$`,
    'must be a day or a moment with its time zone, such as 2026-03-01 or 2026-03-01T10:00:00Z',
  )

/** The many other forms of ISO 8601 mean different things to different readers; the calendar knows no 30 February. */
function written(pattern: string, message: string): PropertyDecorator {
  const rules = [Matches(new RegExp(pattern), { message }), IsISO8601({ strict: true }, { message })]
  return (target, name) => rules.forEach((rule) => rule(target, name))
}
