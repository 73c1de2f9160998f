import { IsMoment, IsMomentOrDay } from './moment'
import { parse } from './parse'

class At {
  @IsMoment() at!: string
}
class From {
  @IsMomentOrDay() from!: string
}

const isMoment = (at: string) => parses(() => parse(At, { at }, 'strict'))
const isMomentOrDay = (from: string) => parses(() => parse(From, { from }, 'strict'))

test.each([
  '2026-03-01T10:00:00Z',
  '2026-03-01T10:00:00.123456789Z',
  '2028-02-29T23:59:59.9+23:59',
  '1000-01-01T00:00:00-00:00',
])('%s is a moment, also where a day would do', (text) => {
  expect([isMoment(text), isMomentOrDay(text)]).toEqual([true, true])
  expect(new Date(text).getTime()).not.toBeNaN()
})

test('a day is a moment only where a day will do', () => {
  expect([isMoment('2026-03-01'), isMomentOrDay('2026-03-01')]).toEqual([false, true])
})

test.each([
  ['no seconds, which RFC 3339 demands', '2026-03-01T10:00Z'],
  ['no time zone', '2026-03-01T10:00:00'],
  ['a day that the calendar does not have', '2026-02-30T10:00:00Z'],
  ['a month that no year has', '2026-13-01T10:00:00Z'],
  ['a minute that no hour has', '2026-03-01T10:61:00Z'],
  ['an hour that no day has', '2026-03-01T24:00:00Z'],
  ['a leap second', '2026-12-31T23:59:60Z'],
  ['a time zone 99 hours away', '2026-03-01T10:00:00+99:00'],
  ['a year before any shop', '0999-03-01T10:00:00Z'],
  ['a week', '2026-W09-7'],
  ['words', 'tomorrow'],
])('%s is none: %s', (_, text) => {
  expect([isMoment(text), isMomentOrDay(text)]).toEqual([false, false])
})

test.each([[At, 'at'] as const, [From, 'from'] as const])('%p says what it wants', (Class, field) => {
  const refusal = refused(() => parse<object>(Class, { [field]: '10:00' }, 'strict'))

  const detail = expect.stringMatching(/^must be a .*2026-03-01/) as unknown
  expect(refusal).toMatchObject({ members: { errors: [{ pointer: `#/${field}`, detail }] } })
})

function parses(work: () => object): boolean {
  const refusal = refused(work)
  return refusal === undefined
}

function refused(work: () => object): unknown {
  try {
    work()
    return undefined
  } catch (error) {
    return error
  }
}
