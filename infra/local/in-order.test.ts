import { startedInOrder } from './in-order'

describe('what is started in order', () => {
  const ended: string[] = []
  const one = (name: string) => ({ name, stop: async () => void ended.push(name) })
  beforeEach(() => void ended.splice(0))

  test('is ended in the other order, once', async () => {
    const all = await startedInOrder(async (keep) => ({
      names: ['a', 'b'].map((name) => keep(one(name)).name),
    }))

    await all.stop()
    await all.stop()

    expect(all.names).toEqual(['a', 'b'])
    expect(ended).toEqual(['b', 'a'])
  })

  test('leaves nothing running when one of them cannot start', async () => {
    const starting = startedInOrder(async (keep) => {
      keep(one('a'))
      keep(one('b'))
      throw new Error('c cannot start')
    })

    await expect(starting).rejects.toThrow('c cannot start')

    expect(ended).toEqual(['b', 'a'])
  })
})
