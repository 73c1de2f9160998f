import { invalid, type Fault } from '#runtime/parse'
import { daysBefore, RETENTION } from '#runtime/retention'
import { LISTENERS, type Listener } from '../listeners'
import type { ReplayEvents } from './input'

/** What a replay is about, after everything that is wrong with a wish was said. */
export interface Plan {
  /** ISO 8601, UTC. */
  from: string
  until: string
  types: string[]
  /** The Service that takes the events of the operation. */
  destination: string
}

/** Of a function that hears none of the types nothing could be made; nor of what its memory does not reach back to. */
export function planOf(
  { from, until, to, types }: ReplayEvents,
  now: Date,
  listeners: readonly Listener[] = LISTENERS,
): Plan {
  const heard = listeners.filter(({ operation }) => operation === to)
  const known = new Set(heard.map(({ type }) => type))
  const [first, last] = [new Date(from), new Date(until)]
  const wrong: Fault[] = []
  const expect = (holds: boolean, pointer: string, detail: string) => holds || wrong.push({ detail, pointer })

  expect(heard.length > 0, '#/to', 'is no function that hears events')
  types?.forEach((type, index) =>
    expect(known.has(type), `#/types/${index}`, 'is not heard by that function'),
  )
  expect(first < last, '#/until', 'must be later than from')
  expect(last <= now, '#/until', 'must not be in the future')
  expect(
    first >= daysBefore(now, RETENTION.repeatable),
    '#/from',
    `must be within the last ${RETENTION.repeatable} days: who has handled older events may have forgotten that`,
  )
  if (wrong.length > 0) throw invalid(wrong)

  return {
    from: first.toISOString(),
    until: last.toISOString(),
    types: [...new Set(types ?? known)].sort(),
    destination: heard[0]!.service,
  }
}
