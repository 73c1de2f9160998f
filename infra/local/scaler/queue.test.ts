import { SlotQueue } from './queue'
import { Refused } from '../../forward/refused'

const ready = () => ({ state: 'ready' as const, inFlight: 0 })
const forever = () => new AbortController().signal

test('gives the least busy instance, and none beyond its limit', async () => {
  const [one, other] = [ready(), ready()]
  const queue = new SlotQueue(() => [one, other], 2)

  const given = [await queue.take(forever()), await queue.take(forever()), await queue.take(forever())]
  void queue.take(forever())
  void queue.take(forever())

  expect(given).toEqual([one, other, one])
  expect([one.inFlight, other.inFlight, queue.length]).toEqual([2, 2, 1])
})

test('serves those who wait in the order they came, without those who left', async () => {
  const only = ready()
  const queue = new SlotQueue(() => [only], 1)
  const served: string[] = []
  const impatient = new AbortController()
  const ask = (name: string, signal = forever()) => queue.take(signal).then(() => served.push(name))
  await ask('first')

  const left = ask('second', impatient.signal)
  const waiting = [ask('third'), ask('fourth')]
  impatient.abort(new Refused('late-answer'))
  queue.release(only)
  await waiting[0]
  queue.release(only)
  await waiting[1]

  await expect(left).rejects.toMatchObject({ kind: 'late-answer' })
  expect(served).toEqual(['first', 'third', 'fourth'])
  expect(queue.length).toBe(0)
})

test('a newcomer does not overtake those who wait', async () => {
  const only = ready()
  const queue = new SlotQueue(() => [only], 1)
  await queue.take(forever())
  const served: string[] = []
  const waiting = queue.take(forever()).then(() => served.push('waiting'))

  queue.release(only)
  const newcomer = queue.take(forever()).then(() => served.push('newcomer'))
  await waiting
  queue.release(only)
  await newcomer

  expect(served).toEqual(['waiting', 'newcomer'])
})

test('refuses at once when too many wait, with a time to come back', async () => {
  const queue = new SlotQueue(() => [], 1, 1)
  void queue.take(forever())

  await expect(queue.take(forever())).rejects.toMatchObject({
    kind: 'unavailable',
    headers: { 'Retry-After': '1' },
  })
})

test('sends everyone away when there is no hope', async () => {
  const queue = new SlotQueue(() => [], 1)
  const waiting = [queue.take(forever()), queue.take(forever())]

  queue.refuseAll(new Refused('unavailable'))

  for (const waiter of waiting) await expect(waiter).rejects.toMatchObject({ kind: 'unavailable' })
  expect(queue.length).toBe(0)
})
