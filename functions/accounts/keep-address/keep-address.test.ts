import { parse } from '#runtime/parse'
import { account } from '#support/accounts'
import { openDomain } from '#support/domain'
import { keepAddress } from './handler'
import { KeepAddress } from './input'

const HOME = {
  name: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
}

describe('keep-address', () => {
  const domain = openDomain('accounts/keep-address')
  const keeping = (label: string, over = {}) => keepAddress({ label, ...HOME, ...over }, domain.deps())
  const kept = () =>
    domain.rows<{ label: string }>('select label, line1, line2, city from addresses order by label')

  beforeEach(() => domain.given(account('ada@example.com')))

  test('keeps an address under its label', async () => {
    const reply = await keeping('home')

    expect(reply).toEqual({
      status: 201,
      headers: { Location: '/v1/me/addresses/home' },
      body: { label: 'home', ...HOME },
    })
    expect(await kept()).toEqual([{ label: 'home', line1: HOME.line1, line2: null, city: 'London' }])
  })

  test('puts another in its place as a whole, and is the same when asked twice', async () => {
    await keeping('home', { line2: 'Second floor' })

    const replies = [await keeping('home', { city: 'Bath' }), await keeping('home', { city: 'Bath' })]

    expect(replies[0]).toEqual({ status: 200, headers: {}, body: { label: 'home', ...HOME, city: 'Bath' } })
    expect(replies[1]).toEqual(replies[0])
    expect(await kept()).toEqual([{ label: 'home', line1: HOME.line1, line2: null, city: 'Bath' }])
  })

  test('writes a country and a label in one way', async () => {
    await keeping('cafe\u0301', { country: 'gb' })
    const { status, body } = await keeping('caf\u00e9')

    expect([status, body]).toMatchObject([200, { label: 'caf\u00e9', country: 'GB' }])
  })

  test('refuses the 21st address, but not another in place of the first', async () => {
    for (let n = 1; n <= 20; n++) await keeping(`n${n}`)

    await expect(keeping('one more')).rejects.toMatchObject({
      ...{ kind: 'too-many-addresses', status: 409, members: { most: 20 } },
    })
    expect(await keeping('n1', { city: 'Bath' })).toMatchObject({ status: 200 })
  })

  test('keeps twenty of thirty addresses at the same moment', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => keeping(`n${n}`)))

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    expect(await kept()).toHaveLength(20)
  })

  test('keeps one address when a new label comes ten times at the same moment', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => keeping('home')))

    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(await kept()).toHaveLength(1)
  })

  test('takes a token of an account that was closed since for no token', async () => {
    const deps = domain.deps({ caller: 'closed' })

    await expect(keepAddress({ label: 'home', ...HOME }, deps)).rejects.toMatchObject({
      kind: 'unauthenticated',
    })
    expect(await kept()).toEqual([])
  })

  test.each([
    ['a country that is none', { country: 'XX' }, '#/country'],
    ['no street', { line1: undefined }, '#/line1'],
    ['a city with a line break', { city: 'London\nBath' }, '#/city'],
    ['a label that is a path', { label: 'home/garden' }, '#/label'],
    ['a field that is none', { planet: 'Earth' }, '#/planet'],
  ])('refuses %s', (_, over, pointer) => {
    expect(() => parse(KeepAddress, { label: 'home', ...HOME, ...over }, 'strict')).toThrow(
      expect.objectContaining({ members: { errors: [expect.objectContaining({ pointer })] } }) as Error,
    )
  })
})
