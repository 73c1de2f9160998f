import { AccountVerified } from '#events/accounts/account-verified.v1/event'
import { RegistrationLapsed } from '#events/accounts/registration-lapsed.v1/event'
import { openDatabase } from '#runtime/database'
import { account, CODES, PEPPER, registration } from '#support/accounts'
import { openDomain, urlOf } from '#support/domain'
import { serve } from '#support/door'
import deployable, { verifyEmail } from './handler'

const ADDRESS = 'ada@example.com'
const RIGHT = '048213'

describe('verify-email', () => {
  const domain = openDomain('accounts/verify-email')
  const verifying = (code: string, { email = ADDRESS, codes = CODES } = {}) =>
    verifyEmail({ email, code }, Object.assign(domain.deps(), { codes }))
  const wrong = async (code: string, over = {}) =>
    expect(verifying(code, over)).rejects.toMatchObject({ kind: 'wrong-code', status: 422, members: {} })
  const accounts = () => domain.rows('select id, name, password_hash, role, verified_at from accounts')
  const OWNER = { id: 'ada', name: 'Ada Lovelace', passwordHash: "the owner's" }
  const STRANGER = { id: 'eve', name: 'Eve', passwordHash: "the stranger's", code: '777777' }
  const [EARLIER, LATER] = [
    { registeredAt: '2026-03-01T09:55:00Z' },
    { registeredAt: '2026-03-01T09:59:00Z' },
  ]
  const claimed = (...claims: Parameters<typeof registration>[1][]) =>
    domain.given(
      (db) => db.query('delete from registrations'),
      ...claims.map((claim) => registration(ADDRESS, claim)),
    )

  beforeEach(() => domain.given(registration(ADDRESS, OWNER)))

  test('opens the account and announces it', async () => {
    const reply = await verifying(RIGHT, { email: 'Ada@Example.com' })

    expect(reply).toEqual({ status: 204 })
    const verified_at = new Date('2026-03-01T10:00:00Z')
    const { id, name, passwordHash: password_hash } = OWNER
    expect(await accounts()).toEqual([{ id, name, password_hash, role: 'customer', verified_at }])
    expect(await domain.rows('select id from registrations')).toEqual([])
    expect(await domain.emitted()).toEqual([
      [AccountVerified.type, { accountId: 'ada', verifiedAt: '2026-03-01T10:00:00.000Z' }],
    ])
  })

  test.each([
    ['before', { ...STRANGER, ...EARLIER }, { ...OWNER, ...LATER }],
    ['after', { ...OWNER, ...EARLIER }, { ...STRANGER, ...LATER }],
  ])("gives the owner the owner's password, when a stranger registered %s", async (_, first, second) => {
    await claimed(first, second)

    expect(await verifying(RIGHT)).toEqual({ status: 204 })

    expect(await accounts()).toMatchObject([
      { id: 'ada', name: OWNER.name, password_hash: OWNER.passwordHash },
    ])
    await wrong(STRANGER.code)
    expect(await accounts()).toHaveLength(1)
  })

  test('opens one account when the codes of two registrations come at the same moment', async () => {
    await claimed(OWNER, STRANGER)

    const outcomes = await Promise.allSettled([verifying(RIGHT), verifying(STRANGER.code)])

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await accounts()).toHaveLength(1)
    expect((await domain.emitted()).map(([type]) => type)).toEqual([
      AccountVerified.type,
      RegistrationLapsed.type,
    ])
  })

  test('announces that every other registration of the address has lapsed', async () => {
    const other = 'bob@example.com'
    await claimed(OWNER, STRANGER, { ...STRANGER, id: 'mal', code: '888888' })
    await domain.given(registration(other, { id: 'bob' }))

    await verifying(RIGHT)

    const lapsedAt = '2026-03-01T10:00:00.000Z'
    const [[first] = [], ...lapses] = await domain.emitted()
    expect(first).toBe(AccountVerified.type)
    expect(new Set(lapses)).toEqual(
      new Set(['eve', 'mal'].map((accountId) => [RegistrationLapsed.type, { accountId, lapsedAt }])),
    )
    expect(await domain.rows('select id from registrations')).toEqual([{ id: 'bob' }])
  })

  test('opens nothing with a code that fits two registrations', async () => {
    await claimed(OWNER, { ...STRANGER, code: RIGHT })

    await wrong(RIGHT)
    expect(await accounts()).toEqual([])
  })

  test.each([
    ['another code', '2026-03-01T10:00:00Z', '048214', ADDRESS],
    ['a code of ten minutes ago', '2026-03-01T10:10:00Z', RIGHT, ADDRESS],
    ['an address nobody registered', '2026-03-01T10:00:00Z', RIGHT, 'eve@example.com'],
  ])('refuses %s', async (_, now, code, email) => {
    domain.at(now)

    await wrong(code, { email })
    expect(await accounts()).toEqual([])
    expect(await domain.emitted()).toEqual([])
  })

  test('takes a code once', async () => {
    await verifying(RIGHT)

    await wrong(RIGHT)
    expect(await domain.emitted()).toHaveLength(1)
  })

  test('takes one of two right codes at the same moment', async () => {
    const outcomes = await Promise.allSettled([verifying(RIGHT), verifying(RIGHT)])

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await domain.emitted()).toHaveLength(1)
  })

  test('is forgiving four times', async () => {
    for (const code of ['000001', '000002', '000003', '000004']) await wrong(code)

    expect(await verifying(RIGHT)).toEqual({ status: 204 })
  })

  test('lets every code of the address die after five wrong tries in all', async () => {
    await claimed(OWNER, STRANGER)
    for (const code of ['000001', '000002', '000003', '000004', '000005']) await wrong(code)

    await wrong(RIGHT)
    await wrong(STRANGER.code)
    expect(await accounts()).toEqual([])
  })

  test('looks at five of a hundred guesses at the same moment, however many codes there are', async () => {
    await claimed(OWNER, STRANGER)
    const guessed = new Set<string>()
    const codes = { ...CODES, matches: (_: string, __: string, code: string) => guessed.add(code).size < 0 }

    const guesses = Array.from({ length: 100 }, (_, n) => verifying(String(n).padStart(6, '0'), { codes }))
    const outcomes = await Promise.allSettled(guesses)

    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    expect(guessed.size).toBe(5)
    await wrong(RIGHT)
  })

  test('compares with every code, also when the first is right', async () => {
    await claimed(OWNER, STRANGER)
    const compared: string[] = []
    const codes = {
      ...CODES,
      matches: (...of: [string, string, string]) => (compared.push(of[1]), CODES.matches(...of)),
    }

    await verifying(RIGHT, { codes })

    expect(compared.sort()).toEqual(['ada', 'eve'])
  })

  test('leaves an account alone that was made in another way', async () => {
    await domain.given(account(ADDRESS, { id: 'admin', role: 'admin' }))
    const before = await accounts()

    await wrong(RIGHT)
    expect(await accounts()).toEqual(before)
    expect(await domain.emitted()).toEqual([
      [RegistrationLapsed.type, { accountId: 'ada', lapsedAt: '2026-03-01T10:00:00.000Z' }],
    ])
  })

  test('gives a caller who lost the answer the same one, by its Idempotency-Key', async () => {
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const env = { ...PEPPER, DATABASE_URL: urlOf(row!.name) }
    const parts = { database: openDatabase, clock: { now: () => new Date('2026-03-01T10:00:00Z') } }
    const { url, close } = await serve(deployable(domain.operation, parts, env))
    const verifyingAt = (key: string) =>
      fetch(`${url}/v1/accounts/verification`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ email: ADDRESS, code: RIGHT }),
      })

    const statuses = []
    for (const key of ['first', 'first', 'second']) statuses.push((await verifyingAt(key)).status)
    await close()

    expect(statuses).toEqual([204, 204, 422])
    expect(await domain.emitted()).toHaveLength(1)
  })

  test('refuses a sixth try, of a process whose clock is behind too', async () => {
    const behind = { now: () => new Date(domain.deps().clock.now().getTime() - 1_000) }
    for (let nth = 0; nth < 5; nth++) await wrong(`00000${nth}`)

    const deps = Object.assign(domain.deps({ clock: behind }), { codes: CODES })

    await expect(verifyEmail({ email: ADDRESS, code: RIGHT }, deps)).rejects.toMatchObject({
      kind: 'wrong-code',
    })
    expect(await accounts()).toEqual([])
  })
})
