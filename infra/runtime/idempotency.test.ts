import { openDomain, testCache } from '#support/domain'
import { hashOf, lockRequest, storeAnswer, storeAnswerAlone, storedAnswer } from './idempotency'

describe('a repeatable request', () => {
  const domain = openDomain('orders/place-order')
  const request = { scope: 'place-order:customer:ada', key: 'k1', hash: 'the hash of the first day' }
  const onDayTwo = { ...request, hash: 'the hash of the second day' }
  const answer = (said: string) => ({ status: 409, headers: {}, body: { said } })
  const db = () => domain.deps().db
  const aDayPasses = () =>
    domain.rows(`update idempotency_keys set created_at = created_at - interval '24 hours'`)

  const alone: [string, (of: typeof request, said: string) => Promise<void>] = [
    'of its own',
    (of, said) => storeAnswerAlone(db(), of, answer(said)),
  ]
  const withFacts: typeof alone = [
    'with its facts',
    (of, said) => db().transaction(async (tx) => storeAnswer(tx, of, answer(said))),
  ]

  test.each([alone, withFacts])('is new a day later, and its answer is stored %s', async (_, store) => {
    await store(request, 'first')
    await aDayPasses()
    expect(await storedAnswer(db(), onDayTwo)).toBeUndefined()

    await store(onDayTwo, 'second')

    expect(await storedAnswer(db(), onDayTwo)).toEqual(answer('second'))
    await expect(storedAnswer(db(), request)).rejects.toMatchObject({ kind: 'idempotency-key-reused' })
    expect(await domain.rows('select key from idempotency_keys')).toHaveLength(1)
  })

  test('keeps the answer of its day, whoever comes later with another', async () => {
    await storeAnswerAlone(db(), request, answer('first'))
    await storeAnswerAlone(db(), request, answer('second'))

    expect(await storedAnswer(db(), request)).toEqual(answer('first'))
  })

  describe('under way', () => {
    const cache = testCache()
    const name = `running:${hashOf(request.scope, request.key)}`
    beforeEach(() => cache.del(name))

    test('is refused a second time until the first is done', async () => {
      const unlock = await lockRequest(cache, request)
      await expect(lockRequest(cache, request)).rejects.toMatchObject({ kind: 'request-in-progress' })

      await unlock()

      await (
        await lockRequest(cache, request)
      )()
      expect(await cache.exists(name)).toBe(0)
    })

    test('does not give back the lock of another when its own has run out', async () => {
      const unlockFirst = await lockRequest(cache, request)
      await cache.del(name)
      const unlockSecond = await lockRequest(cache, request)

      await unlockFirst()

      await expect(lockRequest(cache, request)).rejects.toMatchObject({ kind: 'request-in-progress' })
      await unlockSecond()
      expect(await cache.exists(name)).toBe(0)
    })

    test('runs all the same while Redis is away, and gives back nothing that it did not take', async () => {
      const held = await lockRequest(cache, request)
      const away = Object.assign(Object.create(cache) as typeof cache, {
        set: () => Promise.reject(new Error('redis is not reachable')),
      })

      await (
        await lockRequest(away, request)
      )()

      expect(await cache.exists(name)).toBe(1)
      await held()
    })
  })
})
