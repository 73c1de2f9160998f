import { PasswordChanged } from '#events/accounts/password-changed.v1/event'
import { openDatabase } from '#runtime/database'
import { parse } from '#runtime/parse'
import { account, CODES, PEPPER, resetAsked, session } from '#support/accounts'
import { openDomain, urlOf } from '#support/domain'
import { serve } from '#support/door'
import { isPassword, NOBODYS_HASH } from '../password'
import deployable, { resetPassword } from './handler'
import { ResetPassword } from './input'

const ADDRESS = 'ada@example.com'
const RIGHT = '048213'
const PASSWORD = 'another horse'

/** `done`, or why not. */
const kindOf = async (response: Response) =>
  response.status === 204 ? 'done' : ((await response.json()) as { type: string }).type.split('/').at(-1)

describe('reset-password', () => {
  const domain = openDomain('accounts/reset-password')
  const resetting = (code = RIGHT, { email = ADDRESS, codes = CODES } = {}) =>
    resetPassword({ email, code, password: PASSWORD }, Object.assign(domain.deps(), { codes }))
  const wrong = async (code: string, over = {}) =>
    expect(resetting(code, over)).rejects.toMatchObject({ kind: 'wrong-code', status: 422, members: {} })
  const hashes = () =>
    domain.rows<{ password_hash: string }>('select password_hash from accounts order by id')
  const unchanged = async () => {
    expect((await hashes()).map(({ password_hash }) => password_hash)).toEqual([NOBODYS_HASH, NOBODYS_HASH])
    expect(await domain.emitted()).toEqual([])
  }

  beforeEach(() =>
    domain.given(account(ADDRESS), account('bob@example.com', { id: 'bob' }), resetAsked(ADDRESS)),
  )

  test('gives the account the new password and announces it', async () => {
    expect(await resetting(RIGHT, { email: 'Ada@Example.com' })).toEqual({ status: 204 })

    const [ada, bob] = await hashes()
    expect(await isPassword(PASSWORD, ada!.password_hash)).toBe(true)
    expect(bob!.password_hash).toBe(NOBODYS_HASH)
    expect(await domain.emitted()).toEqual([
      [PasswordChanged.type, { accountId: 'ada', changedAt: '2026-03-01T10:00:00.000Z' }],
    ])
  })

  test('closes every session of the account and no other', async () => {
    await domain.given(session('s1'), session('s2'), session('s3', { accountId: 'bob' }))

    await resetting()

    expect(await domain.rows('select id from sessions where closed_at is null')).toEqual([{ id: 's3' }])
  })

  test('opens an address again that was shut after wrong log-ins', async () => {
    await domain.given((db) =>
      db.query(`insert into log_in_tries values ($1, 12, '2026-03-01T09:55:00Z', '2026-03-01T10:30:00Z')`, [
        ADDRESS,
      ]),
    )

    await resetting()

    expect(await domain.rows('select email from log_in_tries')).toEqual([])
  })

  test.each([
    ['another code', '2026-03-01T10:00:00Z', '048214', ADDRESS],
    ['a code of ten minutes ago', '2026-03-01T10:09:00Z', RIGHT, ADDRESS],
    ['an address that nobody asked for', '2026-03-01T10:00:00Z', RIGHT, 'bob@example.com'],
  ])('refuses %s', async (_, now, code, email) => {
    domain.at(now)

    await wrong(code, { email })
    await unchanged()
  })

  test('refuses the right code of an address without an account in the same way', async () => {
    await domain.given(resetAsked('eve@example.com'))

    await wrong(RIGHT, { email: 'eve@example.com' })
    await unchanged()
  })

  test('takes a code once', async () => {
    await resetting()

    await wrong(RIGHT)
    expect(await domain.emitted()).toHaveLength(1)
  })

  test('takes one of four right codes at the same moment', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => resetting()))

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await domain.emitted()).toHaveLength(1)
  })

  test('is forgiving four times', async () => {
    for (const code of ['000001', '000002', '000003', '000004']) await wrong(code)

    expect(await resetting()).toEqual({ status: 204 })
  })

  test('lets the code die with the fifth wrong try', async () => {
    for (const code of ['000001', '000002', '000003', '000004', '000005']) await wrong(code)

    await wrong(RIGHT)
    await unchanged()
  })

  test('looks at five of twelve guesses at the same moment', async () => {
    const guessed = new Set<string>()
    const codes = { ...CODES, matches: (_: string, __: string, code: string) => guessed.add(code).size < 0 }

    await Promise.allSettled(
      Array.from({ length: 12 }, (_, n) => resetting(String(n).padStart(6, '0'), { codes })),
    )

    expect(guessed.size).toBe(5)
    await wrong(RIGHT)
  })

  test('refuses a password that is too short', () => {
    expect(() =>
      parse(ResetPassword, { email: ADDRESS, code: RIGHT, password: '1234567' }, 'strict'),
    ).toThrow(
      expect.objectContaining({
        members: { errors: [expect.objectContaining({ pointer: '#/password' })] },
      }) as Error,
    )
  })

  test('gives a caller who lost the answer the same one, by its Idempotency-Key and the same password', async () => {
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const env = { ...PEPPER, DATABASE_URL: urlOf(row!.name) }
    const parts = { database: openDatabase, clock: { now: () => new Date('2026-03-01T10:00:00Z') } }
    const { url, close } = await serve(deployable(domain.operation, parts, env))
    const resettingAt = (key: string, password = PASSWORD) =>
      fetch(`${url}/v1/password-resets/confirmation`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ email: ADDRESS, code: RIGHT, password }),
      })

    const answers = []
    for (const [key, password] of [['first'], ['first'], ['first', 'a third horse'], ['second']] as [
      string,
      string?,
    ][])
      answers.push(await kindOf(await resettingAt(key, password)))
    await close()

    expect(answers).toEqual(['done', 'done', 'idempotency-key-reused', 'wrong-code'])
    expect(await domain.emitted()).toHaveLength(1)
    const [ada] = await hashes()
    expect(await isPassword(PASSWORD, ada!.password_hash)).toBe(true)
  })
})
