import { openDatabase } from '#runtime/database'
import { accessKeys, account, PEPPER } from '#support/accounts'
import { openDomain, operationOf, urlOf } from '#support/domain'
import { liveFunctions, type LiveFunction } from '#support/live-function'
import { serve } from '#support/door'
import type { Deployable } from '#runtime/function'
import logIn from '../../functions/accounts/log-in/handler'
import requestPasswordReset from '../../functions/accounts/request-password-reset/handler'
import resendVerification from '../../functions/accounts/resend-verification/handler'

const ADDRESS = 'ada@example.com'

/** The seed counted in the memory of each process: with n replicas everybody had n times the limit, and all of it anew after a restart. */
describe('B14: a limit for each process', () => {
  const accounts = openDomain('accounts/log-in')
  const live = liveFunctions()
  const environment = async () => {
    const [row] = await accounts.rows<{ name: string }>('select current_database() as name')
    const key = JSON.stringify(accessKeys().privateJwk)
    return { ...PEPPER, ACCESS_TOKEN_KEY: key, DATABASE_URL: urlOf(row!.name), K_SINK: 'http://127.0.0.1:9' }
  }
  const post = (url: string, path: string, body: object) =>
    fetch(url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
  const guess = ({ url }: { url: string }) =>
    post(url, '/v1/sessions', { email: ADDRESS, password: 'a guess' })
  const counted = (answers: Response[], status: number) =>
    answers.filter((answer) => answer.status === status).length

  beforeEach(() => accounts.given(account(ADDRESS)))

  test('B14: two processes together look at ten guesses, and one that starts anew at none', async () => {
    const env = await environment()
    const two = [await live.start('accounts/log-in', env), await live.start('accounts/log-in', env)]

    const answers = await Promise.all(Array.from({ length: 30 }, (_, nth) => guess(two[nth % 2]!)))
    const first = [counted(answers, 401), counted(answers, 429)]
    await Promise.all(two.map((one: LiveFunction) => one.kill()))
    const anew = await live.start('accounts/log-in', env)
    const late = await guess(anew)

    expect(first).toEqual([10, 20])
    expect(late.status).toBe(429)
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(late.headers.get('ratelimit')).toMatch(/^"log-in";r=0;t=\d+$/)
    expect(late.headers.get('ratelimit-policy')).toBe('"log-in";q=10;w=900')
  })

  test.each([
    ['accounts/resend-verification', '/v1/accounts/verification/resend', resendVerification, 1],
    ['accounts/request-password-reset', '/v1/password-resets', requestPasswordReset, 1],
  ] as [string, string, Deployable, number][])(
    'B14: four instances of %s share one limit for an address',
    async (path, route, deployable, most) => {
      const env = await environment()
      const doors = await Promise.all(
        Array.from({ length: 4 }, () =>
          serve(deployable(operationOf(path), { database: openDatabase }, env)),
        ),
      )

      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, nth) => post(doors[nth % 4]!.url, route, { email: ADDRESS })),
      )
      await Promise.all(doors.map(({ close }) => close()))

      expect([counted(answers, 202), counted(answers, 429)]).toEqual([most, 20 - most])
    },
  )

  test('B14: instances of log-in share one limit, whatever the spelling of the address', async () => {
    const env = await environment()
    const doors = await Promise.all(
      Array.from({ length: 3 }, () =>
        serve(logIn(operationOf('accounts/log-in'), { database: openDatabase }, env)),
      ),
    )
    const spellings = [ADDRESS, 'ADA@example.com', 'Ada@Example.COM']

    const answers = await Promise.all(
      Array.from({ length: 21 }, (_, nth) =>
        post(doors[nth % 3]!.url, '/v1/sessions', { email: spellings[nth % 3], password: 'a guess' }),
      ),
    )
    await Promise.all(doors.map(({ close }) => close()))

    expect([counted(answers, 401), counted(answers, 429)]).toEqual([10, 11])
  })
})
