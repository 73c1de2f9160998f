import { backoffMs, deadLetterDelayMs, retryAfterMs, verdictOf } from './outcome'

const delivery = { retry: 3, backoffDelayMs: 500, timeoutMs: 5_000 }
const NOW = Date.parse('2026-03-01T10:00:00Z')

test.each([
  [200, 'taken'],
  [202, 'taken'],
  [204, 'taken'],
  [299, 'taken'],
  [100, 'refused'],
  [301, 'refused'],
  [307, 'refused'],
  [400, 'refused'],
  [401, 'refused'],
  [403, 'refused'],
  [404, 'refused'],
  [409, 'refused'],
  [422, 'refused'],
  [431, 'refused'],
  [408, 'again'],
  [429, 'again'],
  [500, 'again'],
  [502, 'again'],
  [503, 'again'],
  [599, 'again'],
  [0, 'again'],
  [700, 'again'],
  [Number.NaN, 'again'],
])('a %p is %s', (status, verdict) => {
  expect(verdictOf(status)).toBe(verdict)
})

test('a linear backoff grows by its delay', () => {
  expect([1, 2, 3].map((failed) => backoffMs({ ...delivery, backoffPolicy: 'linear' }, failed))).toEqual([
    500, 1_000, 1_500,
  ])
})

test('an exponential backoff doubles', () => {
  expect([1, 2, 3].map((failed) => backoffMs({ ...delivery, backoffPolicy: 'exponential' }, failed))).toEqual(
    [1_000, 2_000, 4_000],
  )
})

test.each([
  ['2', 2_000],
  ['Sun, 01 Mar 2026 10:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 09:00:00 GMT', 0],
  ['soon', 0],
  [undefined, 0],
])('Retry-After %p is %p ms', (header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected)
})

test('Retry-After lengthens a backoff, never shortens it, and is not believed beyond an hour', () => {
  const linear = { ...delivery, backoffPolicy: 'linear' as const }

  expect([2_000, 100, 10 ** 9].map((asked) => backoffMs(linear, 1, asked))).toEqual([2_000, 500, 3_600_000])
})

test('a dead letter is tried again at growing distances, up to a minute', () => {
  expect([1, 2, 3, 7, 50].map(deadLetterDelayMs)).toEqual([1_000, 2_000, 4_000, 60_000, 60_000])
})
