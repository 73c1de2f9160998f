import crypto from 'node:crypto'
import type { VerificationRequested } from '#events/accounts/verification-requested.v1/event'
import { CODES, registration } from '#support/accounts'
import { sharedByAll } from '#support/bus'
import { openDomain } from '#support/domain'
import { register } from '../../functions/accounts/register/handler'
import { resendVerification } from '../../functions/accounts/resend-verification/handler'
import { verifyEmail } from '../../functions/accounts/verify-email/handler'

const ADDRESS = 'ada@example.com'
const ADA = { email: ADDRESS, password: 'correct horse', name: 'Ada' }

/**
 * The seed drew six digits from a generator seeded with the time of day, let anybody try as often as they liked, and set no
 * pause after a registration, so that codes could also be asked for without end.
 */
describe('B10: codes that can be guessed', () => {
  const accounts = sharedByAll(openDomain('accounts/register'))
  const deps = () => Object.assign(accounts.deps(), { codes: CODES })
  const verify = (code: string, codes = CODES) =>
    verifyEmail({ email: ADDRESS, code }, Object.assign(deps(), { codes }))
  const resend = () => resendVerification({ email: ADDRESS }, deps())
  const opened = () => accounts.rows('select id from accounts')
  const sent = async () =>
    (await accounts.emitted()).flatMap(([, data]) => ('code' in data ? [data as VerificationRequested] : []))
  afterEach(() => jest.restoreAllMocks())

  test('B10: codes come from the random numbers of the operating system, not of a clock', () => {
    jest.spyOn(Math, 'random').mockReturnValue(0.5)
    jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-03-01T10:00:00Z'))
    jest.spyOn(performance, 'now').mockReturnValue(1)

    const codes = Array.from({ length: 2_000 }, () => CODES.draw())

    expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true)
    expect(new Set(codes).size).toBeGreaterThan(1_900)
    expect(codes.some((code) => code.startsWith('0'))).toBe(true)
  })

  test('B10: after five wrong tries the right code is worth nothing, also when they come at the same moment', async () => {
    await accounts.given(registration(ADDRESS))
    const looked = new Set<string>()
    const counting = {
      ...CODES,
      matches: (...of: [string, string, string]) => (looked.add(of[2]), CODES.matches(...of)),
    }

    const guesses = Array.from({ length: 200 }, (_, nth) => verify(String(100_000 + nth), counting))
    const outcomes = await Promise.allSettled(guesses)

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toEqual([])
    expect(looked.size).toBe(5)
    await expect(verify('048213')).rejects.toMatchObject({ kind: 'wrong-code' })
    expect(await opened()).toEqual([])
  })

  test('B10: a new code is not to be had in the minute after a registration', async () => {
    await register(ADA, deps())

    await expect(resend()).rejects.toMatchObject({ kind: 'too-soon', status: 429 })
    accounts.at('2026-03-01T10:01:00.000Z')
    await resend()
    await expect(resend()).rejects.toMatchObject({ kind: 'too-soon', status: 429 })

    expect(await sent()).toHaveLength(2)
  })

  test('B10: registering again and again neither sends codes without end nor gives new tries', async () => {
    await Promise.all(Array.from({ length: 12 }, () => register(ADA, deps())))
    const first = await sent()
    const wrong = ['000000', '111111', '222222', '333333', '444444', '555555']
      .filter((code) => first.every((one) => one.code !== code))
      .slice(0, 4)
    for (const code of wrong) await verify(code).catch(() => undefined)
    await register(ADA, deps())
    await verify(wrong[0]!).catch(() => undefined)

    expect(first).toHaveLength(5)
    expect(await sent()).toHaveLength(5)
    await expect(verify(first[0]!.code)).rejects.toMatchObject({ kind: 'wrong-code' })
    expect(await opened()).toEqual([])
  })

  test('B10: a guess takes as long as the right code: both are compared whole', async () => {
    await accounts.given(registration(ADDRESS))
    const compared = jest.spyOn(crypto, 'timingSafeEqual')

    await verify('999999').catch(() => undefined)
    await verify('048213')

    expect(compared.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength])).toEqual([
      [32, 32],
      [32, 32],
    ])
  })
})
