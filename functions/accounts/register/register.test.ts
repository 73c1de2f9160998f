import { AccountRegistered } from '#events/accounts/account-registered.v1/event'
import {
  VerificationRequested,
  type VerificationRequested as Requested,
} from '#events/accounts/verification-requested.v1/event'
import { openDatabase } from '#runtime/database'
import { parse } from '#runtime/parse'
import { account, CODES, PEPPER, registration, resting } from '#support/accounts'
import { openDomain, urlOf } from '#support/domain'
import { serve } from '#support/door'
import { isPassword } from '../password'
import deployable, { register } from './handler'
import { Register } from './input'

const ADA = { email: 'ada@example.com', password: 'correct horse', name: 'Ada Lovelace' }
const ID = '00000000-0000-7000-8000-000000000001'

describe('register', () => {
  const domain = openDomain('accounts/register')
  const registering = (input: Register = ADA) =>
    register(input, Object.assign(domain.deps(), { codes: CODES }))
  const requested = async () =>
    (await domain.emitted())
      .filter(([type]) => type === VerificationRequested.type)
      .map(([, data]) => data as Requested)
  const claims = () =>
    domain.rows<{ id: string; name: string; password_hash: string }>(
      'select id, name, password_hash from registrations order by id',
    )
  const strangers = async (count: number, over: { registeredAt?: string; expiresAt?: string } = {}) => {
    for (let n = 1; n <= count; n++) {
      const when = { registeredAt: `2026-03-01T09:5${n}:00Z`, ...over }
      await domain.given(registration(ADA.email, { id: `stranger-${n}`, ...when }))
    }
  }

  test('keeps what was registered, and sends its code: there is no account yet', async () => {
    const reply = await registering({ ...ADA, email: 'Ada@Example.COM', name: ' Ada Lovelace ' })

    expect(reply).toEqual({ status: 202, body: { email: 'ada@example.com' } })
    const [registered, [type, fact] = []] = await domain.emitted()
    const { code } = fact as Requested
    const expiresAt = '2026-03-01T10:10:00.000Z'
    const who = { accountId: ID, email: 'ada@example.com', name: 'Ada Lovelace' }
    const registeredAt = '2026-03-01T10:00:00.000Z'
    expect(registered).toEqual([AccountRegistered.type, { ...who, role: 'customer', registeredAt }])
    expect([type, fact]).toEqual([VerificationRequested.type, { ...who, code, expiresAt }])
    expect(await domain.rows('select id, name, code_hash, expires_at from registrations')).toEqual([
      { id: ID, name: who.name, code_hash: CODES.hash(ID, code), expires_at: new Date(expiresAt) },
    ])
    expect(await domain.rows('select id from accounts')).toEqual([])
  })

  test('keeps the password as Argon2id and nowhere else', async () => {
    await registering()

    const [row] = await claims()
    expect(row!.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await isPassword(ADA.password, row!.password_hash)).toBe(true)
    expect(await isPassword('correct horsf', row!.password_hash)).toBe(false)
    expect(JSON.stringify(await domain.emitted())).not.toContain(ADA.password)
  })

  test('answers the same for an address with an account and changes nothing', async () => {
    await domain.given(account(ADA.email, { name: 'The First' }))
    const before = await domain.rows('select * from accounts')

    const reply = await registering()

    expect(reply).toEqual({ status: 202, body: { email: ADA.email } })
    expect(await domain.rows('select * from accounts')).toEqual(before)
    expect(await claims()).toEqual([])
    expect(await domain.emitted()).toEqual([])
  })

  test('keeps a second registration beside the first, with its own name, password and code', async () => {
    await registering({ ...ADA, password: "a stranger's", name: 'A Stranger' })
    await registering()

    const [first, second] = await claims()
    expect([first!.name, second!.name]).toEqual(['A Stranger', ADA.name])
    expect(await isPassword("a stranger's", first!.password_hash)).toBe(true)
    expect(await isPassword(ADA.password, second!.password_hash)).toBe(true)
    const sent = await requested()
    expect(sent.map(({ accountId, name }) => [accountId, name])).toEqual([
      [first!.id, 'A Stranger'],
      [second!.id, ADA.name],
    ])
    for (const { accountId, code } of sent) {
      expect(await domain.rows('select code_hash from registrations where id = $1', [accountId])).toEqual([
        { code_hash: CODES.hash(accountId, code) },
      ])
    }
  })

  test('does not make anybody wait for a code because the address has had a turn, and keeps that turn', async () => {
    await domain.given(resting(ADA.email, '2026-03-01T10:00:30Z'))

    await registering()

    expect(await requested()).toHaveLength(1)
    expect(await domain.rows('select rests_until from verifications')).toEqual([
      { rests_until: new Date('2026-03-01T10:00:30Z') },
    ])
  })

  test('takes the turn of an address, with an account or without', async () => {
    await domain.given(account('eve@example.com'))

    await registering()
    await registering({ ...ADA, email: 'eve@example.com' })

    const rests_until = new Date('2026-03-01T10:01:00Z')
    expect(await domain.rows('select rests_until from verifications')).toEqual([
      { rests_until },
      { rests_until },
    ])
  })

  test('ignores the sixth registration of an address in ten minutes, and puts none out for it', async () => {
    await strangers(5, { expiresAt: '2026-03-01T10:00:00Z' })

    const reply = await registering()
    const ignored = await claims()
    domain.at('2026-03-01T10:01:00Z')
    await registering()

    expect(reply).toEqual({ status: 202, body: { email: ADA.email } })
    expect(ignored).toHaveLength(5)
    expect(await requested()).toHaveLength(1)
  })

  test('ignores a registration while five codes of the address can be used', async () => {
    await strangers(5, { registeredAt: '2026-03-01T09:00:00Z' })

    await registering()

    expect(await domain.emitted()).toEqual([])
  })

  test('takes five of twelve registrations at the same moment', async () => {
    const spellings = ['ada@example.com', 'ADA@example.com', 'Ada@Example.com']
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, n) => registering({ ...ADA, email: spellings[n % 3]! })),
    )

    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1)
    expect(await claims()).toHaveLength(5)
    expect(await requested()).toHaveLength(5)
  })

  test('knows a request again by its Idempotency-Key only with the same password, and keeps nothing to guess it by', async () => {
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const env = { ...PEPPER, DATABASE_URL: urlOf(row!.name) }
    const served = (over = {}) =>
      serve(deployable(domain.operation, { database: openDatabase }, { ...env, ...over }))
    const { url, close } = await served()
    const registeringAt = async (base: string, password: string) => {
      const response = await fetch(`${base}/v1/accounts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'key' },
        body: JSON.stringify({ ...ADA, password }),
      })
      return [response.status, response.headers.get('idempotent-replayed')]
    }

    const answers = []
    for (const password of [ADA.password, ADA.password, 'correct horsf'])
      answers.push(await registeringAt(url, password))
    await close()
    const withoutSecret = await served({ VERIFICATION_PEPPER: 'what somebody guesses' })
    answers.push(await registeringAt(withoutSecret.url, ADA.password))
    await withoutSecret.close()

    expect(answers).toEqual([
      [202, null],
      [202, 'true'],
      [422, null],
      [422, null],
    ])
    expect(await claims()).toHaveLength(1)
  })

  test.each([
    ['no address', { email: 'ada' }, '#/email'],
    ['an address that cannot be delivered to', { email: `${'a'.repeat(250)}@b.cc` }, '#/email'],
    ['letters that only look like an address', { email: 'аda@example.com' }, '#/email'],
    ['a short password', { password: '1234567' }, '#/password'],
    ['an endless password', { password: 'x'.repeat(201) }, '#/password'],
    ['an empty name', { name: '' }, '#/name'],
    ['a name of spaces', { name: '   ' }, '#/name'],
    ['a name with a line break', { name: 'Ada\r\nBcc: eve@example.com' }, '#/name'],
    ['an endless name', { name: 'x'.repeat(201) }, '#/name'],
    ['a role', { role: 'admin' }, '#/role'],
  ])('refuses %s', (_, over, pointer) => {
    expect(() => parse(Register, { ...ADA, ...over }, 'strict')).toThrow(
      expect.objectContaining({ members: { errors: [expect.objectContaining({ pointer })] } }) as Error,
    )
  })
})
