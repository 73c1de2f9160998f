import {
  VerificationRequested,
  type VerificationRequested as Requested,
} from '#events/accounts/verification-requested.v1/event'
import { account, CODES, registration, resting } from '#support/accounts'
import { openDomain } from '#support/domain'
import { resendVerification } from './handler'

const ADDRESS = 'ada@example.com'

describe('resend-verification', () => {
  const domain = openDomain('accounts/resend-verification')
  const resending = (email = ADDRESS) =>
    resendVerification({ email }, Object.assign(domain.deps(), { codes: CODES }))
  const tooSoon = (seconds: string) => ({
    ...{ kind: 'too-soon', status: 429, members: {} },
    headers: {
      'Retry-After': seconds,
      RateLimit: `"resend-verification";r=0;t=${seconds}`,
      'RateLimit-Policy': '"resend-verification";q=1;w=60',
    },
  })

  test('sends a new code in place of the old one', async () => {
    await domain.given(registration(ADDRESS))

    const reply = await resending('Ada@Example.com')

    expect(reply).toEqual({ status: 202, body: { email: ADDRESS } })
    const [[type, data] = []] = await domain.emitted()
    const { code } = data as Requested
    const expiresAt = '2026-03-01T10:10:00.000Z'
    const who = { accountId: 'ada', email: ADDRESS, name: 'Ada Lovelace' }
    expect([type, data]).toEqual([VerificationRequested.type, { ...who, code, expiresAt }])
    expect(await domain.rows('select code_hash, expires_at from registrations')).toEqual([
      { code_hash: CODES.hash('ada', code), expires_at: new Date(expiresAt) },
    ])
  })

  const FIRST = { id: 'first', name: 'First', registeredAt: '2026-03-01T09:58:00Z' }
  const LATEST = { id: 'latest', name: 'Latest', registeredAt: '2026-03-01T09:59:00Z' }
  const sent = async () => (await domain.emitted()).map(([, data]) => data as Requested)

  test('sends every registration whose code can be used another, whoever registered last', async () => {
    await domain.given(registration(ADDRESS, LATEST), registration(ADDRESS, FIRST))

    await resending()

    const letters = await sent()
    expect(letters.map(({ accountId, name }) => [accountId, name])).toEqual([
      ['first', 'First'],
      ['latest', 'Latest'],
    ])
    for (const { accountId, code } of letters) {
      expect(await domain.rows('select code_hash from registrations where id = $1', [accountId])).toEqual([
        { code_hash: CODES.hash(accountId, code) },
      ])
    }
  })

  test.each([
    ['one of two is old', '2026-03-01T10:08:00Z', ['first']],
    ['both are old', '2026-03-01T10:00:00Z', ['latest']],
  ])('gives no registration a code that it was not to have any more: %s', async (_, expiresAt, expected) => {
    const old = { ...LATEST, expiresAt: '2026-03-01T10:00:00Z' }
    await domain.given(registration(ADDRESS, old), registration(ADDRESS, { ...FIRST, expiresAt }))

    await resending()

    expect((await sent()).map(({ accountId }) => accountId)).toEqual(expected)
  })

  test.each([
    ['dead', '2026-03-01T10:00:00Z', 0],
    ['alive', '2026-03-01T10:00:01Z', 5],
  ])('forgets wrong tries when every code is dead: one is %s', async (_, expiresAt, tries) => {
    await domain.given(registration(ADDRESS, { expiresAt }))
    await domain.given((db) => db.query('update verifications set tries = 5'))

    await resending()

    expect(await domain.rows('select tries from verifications')).toEqual([{ tries }])
  })

  test.each([
    ['not verified yet', [registration(ADDRESS)], [1, 1, 2]],
    ['verified', [account(ADDRESS)], [0, 0, 0]],
    ['not known', [], [0, 0, 0]],
  ])('answers alike for an address that is %s', async (_, given, emitted) => {
    await domain.given(...given)
    const counts: number[] = []
    const counted = async () => counts.push((await domain.emitted()).length)

    expect(await resending()).toEqual({ status: 202, body: { email: ADDRESS } })
    await counted()
    domain.at('2026-03-01T10:00:59.500Z')
    await expect(resending()).rejects.toMatchObject(tooSoon('1'))
    await counted()
    domain.at('2026-03-01T10:01:00.000Z')
    expect(await resending()).toEqual({ status: 202, body: { email: ADDRESS } })
    await counted()

    expect(counts).toEqual(emitted)
  })

  test('says how long to wait after a registration', async () => {
    await domain.given(registration(ADDRESS), resting(ADDRESS, '2026-03-01T10:00:30Z'))

    await expect(resending()).rejects.toMatchObject(tooSoon('30'))
    expect(await domain.emitted()).toEqual([])
  })

  test('sends one code when asked twenty times at the same moment', async () => {
    await domain.given(registration(ADDRESS))

    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => resending()))

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await domain.emitted()).toHaveLength(1)
  })
})
