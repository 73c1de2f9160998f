/** Whether a schedule is due in the minute of a moment (UTC, as Knative's PingSource without a time zone). */
export type IsDue = (moment: Date) => boolean

const FIELDS = [
  { name: 'minute', first: 0, last: 59, of: (moment: Date) => moment.getUTCMinutes() },
  { name: 'hour', first: 0, last: 23, of: (moment: Date) => moment.getUTCHours() },
  { name: 'day of the month', first: 1, last: 31, of: (moment: Date) => moment.getUTCDate() },
  { name: 'month', first: 1, last: 12, of: (moment: Date) => moment.getUTCMonth() + 1 },
  { name: 'day of the week', first: 0, last: 7, of: (moment: Date) => moment.getUTCDay() },
] as const

/**
 * Reads a cron schedule of five fields: `*`, numbers, ranges `a-b`, steps `*` `/n` and `a-b/n`, and lists of these. A
 * schedule that cannot be read is an error, one sentence.
 *
 * When both days are restricted either will do, as in every cron since Version 7; Sunday is 0 or 7.
 */
export function readCron(schedule: string): IsDue {
  const texts = schedule.trim().split(/\s+/)
  if (texts.length !== FIELDS.length) throw new Error(`the schedule "${schedule}" does not have five fields`)
  const sets = FIELDS.map((field, index) => numbersOf(texts[index]!, field, schedule))
  const [minutes, hours, days, months, weekdays] = sets as [Numbers, Numbers, Numbers, Numbers, Numbers]
  const eitherDay = !texts[2]!.startsWith('*') && !texts[4]!.startsWith('*')
  return (moment) => {
    const day = days.has(FIELDS[2].of(moment))
    const number = FIELDS[4].of(moment)
    const weekday = weekdays.has(number) || (number === 0 && weekdays.has(7))
    const isDay = eitherDay ? day || weekday : day && weekday
    return (
      isDay &&
      minutes.has(FIELDS[0].of(moment)) &&
      hours.has(FIELDS[1].of(moment)) &&
      months.has(FIELDS[3].of(moment))
    )
  }
}

type Numbers = Set<number>

function numbersOf(text: string, field: (typeof FIELDS)[number], schedule: string): Numbers {
  const numbers: Numbers = new Set()
  for (const part of text.split(',')) {
    const [, range, step] = /^(\*|\d+(?:-\d+)?)(?:\/(\d+))?$/.exec(part) ?? []
    const [from, to = step === undefined ? from : field.last] =
      range === '*' ? [field.first, field.last] : (range?.split('-').map(Number) ?? [])
    const stride = Number(step ?? 1)
    const fits =
      from !== undefined && to !== undefined && from >= field.first && to <= field.last && from <= to
    if (!fits || stride < 1)
      throw new Error(`the ${field.name} "${part}" of the schedule "${schedule}" is not valid`)
    for (let number = from; number <= to; number += stride) numbers.add(number)
  }
  return numbers
}
