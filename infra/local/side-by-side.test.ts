import { endAll, startedSideBySide } from './side-by-side'

describe('what is started side by side', () => {
  const ended: string[] = []
  const one = (name: string) => ({ name, stop: async () => void ended.push(name) })
  beforeEach(() => void ended.splice(0))

  test('is given back in the order that was asked for, and ended as one', async () => {
    const late = new Promise<ReturnType<typeof one>>((resolve) => setImmediate(() => resolve(one('a'))))

    const services = await startedSideBySide(late, Promise.resolve(one('b')))
    await endAll(services)

    expect(services.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(ended.sort()).toEqual(['a', 'b'])
  })

  test('leaves nothing running when one of them cannot start, also what was not ready by then', async () => {
    const late = new Promise<ReturnType<typeof one>>((resolve) => setImmediate(() => resolve(one('a'))))

    const starting = startedSideBySide(
      late,
      Promise.reject(new Error('b cannot start')),
      Promise.resolve(one('c')),
    )

    await expect(starting).rejects.toThrow('b cannot start')
    expect(ended.sort()).toEqual(['a', 'c'])
  })
})
