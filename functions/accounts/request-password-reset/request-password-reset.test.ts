import {
  PasswordResetRequested,
  type PasswordResetRequested as Requested,
} from '#events/accounts/password-reset-requested.v1/event'
import { account, CODES, registration, resetAsked } from '#support/accounts'
import { openDomain } from '#support/domain'
import { requestPasswordReset } from './handler'

const ADDRESS = 'ada@example.com'

describe('request-password-reset', () => {
  const domain = openDomain('accounts/request-password-reset')
  const requesting = (email = ADDRESS) =>
    requestPasswordReset({ email }, Object.assign(domain.deps(), { codes: CODES }))
  const tooSoon = (seconds: number, policy = '"password-reset"', rule = 'q=1;w=60') => ({
    ...{ kind: 'too-soon', status: 429, members: {} },
    headers: {
      'Retry-After': String(seconds),
      RateLimit: `${policy};r=0;t=${seconds}`,
      'RateLimit-Policy': `${policy};${rule}`,
    },
  })
  const kept = () =>
    domain.rows<{ id: string }>('select id, code_hash, expires_at, tries from password_resets')

  test('sends the account a code that is kept hashed, for ten minutes', async () => {
    await domain.given(account(ADDRESS))

    const reply = await requesting('Ada@Example.com')

    expect(reply).toEqual({ status: 202, body: { email: ADDRESS } })
    const [[type, data] = []] = await domain.emitted()
    const { code } = data as Requested
    const who = { accountId: 'ada', email: ADDRESS, name: 'Ada Lovelace' }
    expect([type, data]).toEqual([PasswordResetRequested.type, { ...who, code }])
    const [{ id } = { id: '' }] = await kept()
    const expires_at = new Date('2026-03-01T10:10:00Z')
    expect(await kept()).toEqual([{ id, code_hash: CODES.hash(id, code), expires_at, tries: 0 }])
  })

  test('puts a new code in place of the last, with tries of its own', async () => {
    await domain.given(account(ADDRESS), resetAsked(ADDRESS))
    await domain.given((db) => db.query('update password_resets set tries = 5'))

    await requesting()

    expect(await kept()).toMatchObject([{ tries: 0, expires_at: new Date('2026-03-01T10:10:00Z') }])
  })

  test.each([
    ['has an account', [account(ADDRESS)], [1, 1, 2]],
    ['is registered and not verified', [registration(ADDRESS)], [0, 0, 0]],
    ['nobody has given', [], [0, 0, 0]],
  ])('answers alike for an address that %s', async (_, given, emitted) => {
    await domain.given(...given)
    const counts: number[] = []
    const counted = async () => counts.push((await domain.emitted()).length)

    expect(await requesting()).toEqual({ status: 202, body: { email: ADDRESS } })
    await counted()
    domain.at('2026-03-01T10:00:59.500Z')
    await expect(requesting()).rejects.toMatchObject(tooSoon(1))
    await counted()
    domain.at('2026-03-01T10:01:00.000Z')
    expect(await requesting()).toEqual({ status: 202, body: { email: ADDRESS } })
    await counted()

    expect(counts).toEqual(emitted)
    expect(await kept()).toHaveLength(1)
  })

  test('sends an address ten codes in a day and says when the day ends', async () => {
    await domain.given(account(ADDRESS), resetAsked(ADDRESS, { requests: 9, since: '2026-02-28T12:00:00Z' }))
    await requesting()
    domain.at('2026-03-01T11:00:00Z')

    await expect(requesting()).rejects.toMatchObject(tooSoon(3600, '"password-reset-day"', 'q=10;w=86400'))
    domain.at('2026-03-01T12:00:00Z')

    expect(await requesting()).toMatchObject({ status: 202 })
    expect(await domain.rows('select requests, since from password_resets')).toEqual([
      { requests: 1, since: new Date('2026-03-01T12:00:00Z') },
    ])
  })

  test('sends one code when asked twenty times at the same moment', async () => {
    await domain.given(account(ADDRESS))

    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => requesting()))

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await domain.emitted()).toHaveLength(1)
  })

  test('forgets an address that was not asked for during a day', async () => {
    const day = { restsUntil: '2026-02-28T09:01:00Z' }
    await domain.given(
      resetAsked('eve@example.com', { ...day, since: '2026-02-28T10:00:00Z' }),
      resetAsked('bob@example.com', { ...day, since: '2026-02-28T10:00:01Z' }),
    )

    await requesting()

    expect(await domain.rows('select email from password_resets order by email')).toEqual([
      { email: ADDRESS },
      { email: 'bob@example.com' },
    ])
  })
})
