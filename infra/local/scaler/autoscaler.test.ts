import { CALM, decide, type Load, type Scale } from './autoscaler'

const scale = (unusual: Partial<Scale> = {}): Scale => ({
  min: 0,
  max: 10,
  target: 10,
  windowSeconds: 60,
  containerConcurrency: 0,
  ...unusual,
})
const load = (unusual: Partial<Load> = {}): Load => ({
  current: 0,
  stable: 0,
  recent: 0,
  idleMs: 0,
  ready: 1,
  ...unusual,
})

test.each<[string, number, Partial<Scale>, Partial<Load>]>([
  ['nothing for a function that never had a request', 0, {}, { idleMs: Infinity, ready: 0 }],
  ['the minimum, busy or not', 2, { min: 2 }, { idleMs: Infinity, ready: 0 }],
  ['one for the first request', 1, {}, { current: 1, ready: 0 }],
  ['as many as a first burst needs', 4, {}, { current: 35, ready: 0 }],
  ['one while there was a request in the window', 1, {}, { idleMs: 59_999 }],
  ['nothing when there was none', 0, {}, { idleMs: 60_000 }],
  ['what a crash left, when nobody asks', 0, {}, { idleMs: 1_000, ready: 0 }],
  ['the average divided by the target, rounded up', 3, {}, { current: 21, stable: 21, recent: 21, ready: 3 }],
  ['no more than the maximum', 2, { max: 2 }, { current: 90, stable: 90, recent: 90, ready: 2 }],
  ['without a maximum what is needed', 9, { max: 0 }, { current: 90, stable: 90, recent: 90, ready: 9 }],
  [
    'by the hard limit where it is below the target',
    5,
    { containerConcurrency: 1 },
    { current: 5, stable: 5, ready: 5 },
  ],
  ['at least half of what it had', 4, {}, { current: 1, stable: 1, recent: 1, ready: 8 }],
  ['no more at once for what is not yet sudden', 1, {}, { current: 19, stable: 5, recent: 9, ready: 1 }],
])('wants %s', (_promise, desired, unusualScale, unusualLoad) => {
  expect(decide(scale(unusualScale), load(unusualLoad), CALM, 1_000).desired).toBe(desired)
})

test('panics at twice the load its instances should carry, and does not shrink until a window has passed', () => {
  const sudden = load({ current: 40, stable: 4, recent: 40 })

  const first = decide(scale(), sudden, CALM, 0)
  const calmer = decide(scale(), load({ current: 1, stable: 4, recent: 1, ready: 4 }), first.panic, 59_999)
  const after = decide(scale(), load({ current: 1, stable: 4, recent: 1, ready: 4 }), calmer.panic, 60_000)

  expect([first.desired, calmer.desired, after.desired]).toEqual([4, 4, 2])
})

test('forgets a panic when it goes to nothing', () => {
  const { panic } = decide(scale(), load({ idleMs: 60_000 }), { until: 1e9, peak: 7 }, 0)

  expect(panic).toEqual(CALM)
})
