import { StartSlots } from './start-slots'

test('lets so many start at a time, and a function without an instance first', async () => {
  const slots = new StartSlots(1)
  const order: string[] = []
  const done = await slots.take(true)
  const start = async (name: string, isFirst: boolean) => {
    const finish = await slots.take(isFirst)
    order.push(name)
    finish()
    finish()
  }

  const all = [start('another of a', false), start('first of b', true), start('first of c', true)]
  done()
  await Promise.all(all)

  expect(order).toEqual(['first of b', 'first of c', 'another of a'])
})
