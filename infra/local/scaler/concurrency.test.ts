import { ConcurrencyMeter } from './concurrency'

test('a request counts for the part of the window it took', () => {
  const meter = new ConcurrencyMeter(10, 0)

  meter.change(1, 0)
  meter.change(-1, 2_500)

  expect(meter.average(10, 10_000)).toBeCloseTo(0.25)
  expect(meter.average(1, 10_000)).toBe(0)
})

test('several requests at once add up, for the seconds asked about', () => {
  const meter = new ConcurrencyMeter(60, 0)

  meter.change(3, 58_000)
  meter.change(1, 59_000)

  expect(meter.average(2, 60_000)).toBeCloseTo(3.5)
  expect(meter.level).toBe(4)
})

test('a young function is judged by its life, not by the whole window', () => {
  const meter = new ConcurrencyMeter(60, 100_000)

  meter.change(2, 100_000)

  expect(meter.average(60, 104_000)).toBeCloseTo(2)
})

test('looks back beyond the beginning of the clock', () => {
  const meter = new ConcurrencyMeter(60, 0)

  meter.change(1, 0)

  expect(meter.average(60, 500)).toBeCloseTo(0.5)
})

test('remembers a level through a long silence', () => {
  const meter = new ConcurrencyMeter(5, 0)

  meter.change(2, 0)

  expect(meter.average(5, 1_000_300)).toBeCloseTo(2)
  expect(meter.idleMs(1_000_300)).toBe(0)
})

test('forgets what is older than the window, and its former life when it is started anew', () => {
  const meter = new ConcurrencyMeter(5, 0)
  meter.change(8, 0)
  meter.change(-8, 1_000)

  const old = meter.average(5, 7_000)
  meter.change(8, 7_000)
  meter.change(-8, 8_000)
  meter.restart(8_000)

  expect(old).toBe(0)
  expect(meter.average(5, 9_000)).toBe(0)
  expect(meter.idleMs(9_500)).toBe(1_500)
})
