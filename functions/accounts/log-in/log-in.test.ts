import { createHash } from 'node:crypto'
import { importJWK, jwtVerify } from 'jose'
import { AUDIENCE, ISSUER } from '#runtime/caller'
import { accessKeys, account, registration, session } from '#support/accounts'
import { openDomain } from '#support/domain'
import { hashPassword } from '../password'
import { openSigner } from '../token'
import { logIn } from './handler'

const ADDRESS = 'ada@example.com'
const PASSWORD = 'correct horse'
const VERIFIED = { verifiedAt: '2026-02-01T00:00:00Z' }

describe('log-in', () => {
  const domain = openDomain('accounts/log-in')
  const { privateJwk, publicJwk } = accessKeys()
  const signAccess = openSigner({ ACCESS_TOKEN_KEY: JSON.stringify(privateJwk) })
  let passwordHash: string

  const loggingIn = (password = PASSWORD, email = ADDRESS) =>
    logIn({ email, password }, Object.assign(domain.deps(), { signAccess }))
  const wrong = { kind: 'wrong-credentials', status: 401, members: {} }
  const shut = (seconds: string) => ({
    ...{ kind: 'too-many-attempts', status: 429, members: {} },
    headers: {
      'Retry-After': seconds,
      RateLimit: `"log-in";r=0;t=${seconds}`,
      'RateLimit-Policy': '"log-in";q=10;w=900',
    },
  })
  const triedBefore = (tries: number, since = '2026-03-01T09:50:00Z', email = ADDRESS) =>
    domain.given((db) =>
      db.query('insert into log_in_tries (email, tries, since) values ($1, $2, $3)', [email, tries, since]),
    )

  beforeAll(async () => void (passwordHash = await hashPassword(PASSWORD)))
  beforeEach(() => domain.given(account(ADDRESS, { passwordHash, role: 'staff', ...VERIFIED })))

  test('opens a session with an access token for 15 minutes', async () => {
    const { status, headers, body } = await loggingIn(PASSWORD, 'Ada@Example.com')

    const { accessToken } = body!
    const refreshToken = expect.stringMatching(/^[\w-]{43}$/) as string
    expect([status, headers]).toEqual([201, { Location: '/v1/sessions/current' }])
    expect(body).toEqual({ accessToken, refreshToken, tokenType: 'Bearer', expiresIn: 900 })
    const key = await importJWK(publicJwk, 'EdDSA')
    const { payload, protectedHeader } = await jwtVerify(accessToken, key, {
      ...{ issuer: ISSUER, audience: AUDIENCE, currentDate: new Date('2026-03-01T10:14:59Z') },
    })
    expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: 'test', typ: 'JWT' })
    const [sid, jti] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002']
    const exp = Date.parse('2026-03-01T10:15:00Z') / 1000
    expect(payload).toEqual({ sub: 'ada', sid, role: 'staff', iss: ISSUER, aud: AUDIENCE, exp, jti })
  })

  test('keeps the session for 30 days, and of the refresh token its hash alone', async () => {
    const { body } = await loggingIn()

    const hash = createHash('sha256').update(body!.refreshToken).digest('hex')
    expect(
      await domain.rows(
        `select account_id, expires_at, closed_at, hash, spent_at
           from sessions join refresh_tokens on session_id = sessions.id`,
      ),
    ).toEqual([
      {
        ...{ account_id: 'ada', hash, closed_at: null, spent_at: null },
        expires_at: new Date('2026-03-31T10:00:00Z'),
      },
    ])
  })

  test('refuses a wrong password and an unknown address alike', async () => {
    await expect(loggingIn('wrong')).rejects.toMatchObject(wrong)
    await expect(loggingIn(PASSWORD, 'eve@example.com')).rejects.toMatchObject(wrong)
    expect(await domain.rows('select id from sessions')).toEqual([])
  })

  test('says that an address is not verified to who knows the password alone', async () => {
    await domain.given(registration('eve@example.com', { passwordHash }))

    await expect(loggingIn('wrong', 'eve@example.com')).rejects.toMatchObject(wrong)
    await expect(loggingIn(PASSWORD, 'eve@example.com')).rejects.toMatchObject({
      ...{ kind: 'not-verified', status: 403 },
    })
    expect(await domain.rows('select id from sessions')).toEqual([])
  })

  test('looks at the password of the latest of several registrations', async () => {
    const email = 'eve@example.com'
    const earlier = { id: 'earlier', registeredAt: '2026-03-01T09:58:00Z' }
    const later = { id: 'later', registeredAt: '2026-03-01T09:59:00Z' }
    const outcome = () =>
      loggingIn(PASSWORD, email).catch((error: unknown) => (error as { kind: string }).kind)

    await domain.given(registration(email, { ...earlier, passwordHash }))
    const alone = await outcome()
    await domain.given(registration(email, later))

    expect([alone, await outcome()]).toEqual(['not-verified', 'wrong-credentials'])
  })

  test('never takes a password of a registration for that of the account', async () => {
    await domain.given(registration(ADDRESS, { id: 'eve', passwordHash: await hashPassword("a stranger's") }))

    await expect(loggingIn("a stranger's")).rejects.toMatchObject(wrong)
    expect(await loggingIn()).toMatchObject({ status: 201 })
  })

  test.each([
    [9, 30, 30],
    [10, 60, 60],
    [12, 240, 240],
  ])('shuts an address that had %i tries with one more, for %i seconds', async (tries, seconds, wait) => {
    await triedBefore(tries)

    await expect(loggingIn('wrong')).rejects.toMatchObject(wrong)
    await expect(loggingIn()).rejects.toMatchObject(shut(String(wait)))
    domain.at(new Date(Date.parse('2026-03-01T10:00:00Z') + seconds * 1000).toISOString())

    expect(await loggingIn()).toMatchObject({ status: 201 })
    expect(await domain.rows('select email from log_in_tries')).toEqual([])
  })

  test('shuts an unknown address as well', async () => {
    await triedBefore(9, '2026-03-01T09:50:00Z', 'eve@example.com')

    await expect(loggingIn('wrong', 'eve@example.com')).rejects.toMatchObject(wrong)
    await expect(loggingIn('wrong', 'eve@example.com')).rejects.toMatchObject(shut('30'))
  })

  test('forgets tries of more than 15 minutes ago', async () => {
    await triedBefore(9, '2026-03-01T09:45:00Z')

    await expect(loggingIn('wrong')).rejects.toMatchObject(wrong)
    expect(await domain.rows('select tries, locked_until from log_in_tries')).toEqual([
      { tries: 1, locked_until: null },
    ])
  })

  test('looks at ten of forty guesses at the same moment', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => loggingIn('wrong')))

    const kinds = outcomes.map((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as { kind: string }).kind : 'right',
    )
    expect(kinds.filter((kind) => kind === 'wrong-credentials')).toHaveLength(10)
    expect(kinds.filter((kind) => kind === 'too-many-attempts')).toHaveLength(30)
  })

  test('lets ten right passwords in at the same moment', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, () => loggingIn()))

    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201))
  })

  test.each([
    ['has another password', `update accounts set password_hash = 'another'`],
    ['is closed', `delete from accounts`],
  ])('opens nothing when the account %s by the time the password was found right', async (_, change) => {
    const deps = domain.deps()
    const transaction: typeof deps.db.transaction = async (work) => {
      await domain.given((connections) => connections.query(change))
      return deps.db.transaction(work)
    }
    const db = { ...deps.db, transaction }

    const logging = logIn({ email: ADDRESS, password: PASSWORD }, { ...deps, signAccess, db })

    await expect(logging).rejects.toMatchObject(wrong)
    expect(await domain.rows('select id from sessions')).toEqual([])
    expect(await domain.rows('select hash from refresh_tokens')).toEqual([])
  })

  test('forgets sessions that have ended, with their tokens', async () => {
    await domain.given(session('ended', { expiresAt: '2026-03-01T10:00:00Z' }), session('open'))

    await loggingIn()

    const left = await domain.rows<{ id: string }>(
      `select id from sessions where created_at < '2026-03-01T10:00:00Z'`,
    )
    expect(left).toEqual([{ id: 'open' }])
    expect(await domain.rows('select hash from refresh_tokens')).toHaveLength(2)
  })

  test.each([
    ['no JSON', 'kty=OKP'],
    ['a public key', JSON.stringify(publicJwk)],
    ['a key without a name', JSON.stringify({ ...privateJwk, kid: undefined })],
  ])('does not start with %s for a key, and does not repeat it', (_, key) => {
    expect(() => openSigner({ ACCESS_TOKEN_KEY: key })).toThrow(
      'ACCESS_TOKEN_KEY is not a private Ed25519 JWK with a kid',
    )
  })
})
