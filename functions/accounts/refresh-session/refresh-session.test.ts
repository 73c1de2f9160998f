import { importJWK, jwtVerify } from 'jose'
import { openDatabase } from '#runtime/database'
import { accessKeys, account, session } from '#support/accounts'
import { openDomain, urlOf } from '#support/domain'
import { serve } from '#support/door'
import { hashOfToken, openSigner } from '../token'
import deployable, { refreshSession } from './handler'

const TOKEN = 'the first token'

describe('refresh-session', () => {
  const domain = openDomain('accounts/refresh-session')
  const { privateJwk, publicJwk } = accessKeys()
  const keys = { ACCESS_TOKEN_KEY: JSON.stringify(privateJwk) }
  const signAccess = openSigner(keys)
  const refreshing = async (refreshToken: string) =>
    (await refreshSession({ refreshToken }, Object.assign(domain.deps(), { signAccess }))).body!
  const closed = {
    ...{ kind: 'session-closed', status: 401, members: {} },
    headers: { 'WWW-Authenticate': 'Bearer' },
  }
  const refused = async (refreshToken: string) =>
    expect(refreshing(refreshToken)).rejects.toMatchObject(closed)
  const closedAt = async () => {
    const [row] = await domain.rows<{ closed_at: Date | null }>(
      `select closed_at from sessions where id = 's1'`,
    )
    return row!.closed_at
  }
  const claimsOf = async (accessToken: string) => {
    const currentDate = new Date('2026-03-01T10:00:00Z')
    const { payload } = await jwtVerify(accessToken, await importJWK(publicJwk, 'EdDSA'), { currentDate })
    return payload
  }

  beforeEach(() => domain.given(account('ada@example.com'), session('s1', { refreshToken: TOKEN })))

  test('gives new tokens of the same session', async () => {
    const { accessToken, refreshToken, ...rest } = await refreshing(TOKEN)

    expect(rest).toEqual({ tokenType: 'Bearer', expiresIn: 900 })
    expect(refreshToken).toMatch(/^[\w-]{43}$/)
    expect(await claimsOf(accessToken)).toMatchObject({ sub: 'ada', sid: 's1', role: 'customer' })
    const spent_at = new Date('2026-03-01T10:00:00Z')
    expect(
      await domain.rows('select hash, session_id, spent_at from refresh_tokens order by issued_at'),
    ).toEqual([
      { hash: hashOfToken(TOKEN), session_id: 's1', spent_at },
      { hash: hashOfToken(refreshToken), session_id: 's1', spent_at: null },
    ])
  })

  test('goes on from token to token, without prolonging the session', async () => {
    const second = await refreshing(TOKEN)
    const third = await refreshing(second.refreshToken)
    await refreshing(third.refreshToken)

    expect(await domain.rows('select expires_at from sessions')).toEqual([
      { expires_at: new Date('2026-03-31T09:30:00Z') },
    ])
  })

  test('closes the whole session when a token comes again, with the one that is in use', async () => {
    const second = await refreshing(TOKEN)
    const third = await refreshing(second.refreshToken)

    await refused(TOKEN)

    expect(await closedAt()).toEqual(new Date('2026-03-01T10:00:00Z'))
    await refused(third.refreshToken)
    expect(await domain.rows('select hash from refresh_tokens')).toHaveLength(3)
  })

  test('leaves the other sessions of the account open', async () => {
    await domain.given(session('s2', { refreshToken: 'another' }))
    await refreshing(TOKEN)
    await refused(TOKEN)

    expect(await claimsOf((await refreshing('another')).accessToken)).toMatchObject({ sid: 's2' })
  })

  test('lets one of many uses at the same moment win, and closes the session for the others', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => refreshing(TOKEN)))

    const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(won).toHaveLength(1)
    expect(await closedAt()).not.toBeNull()
    await refused(won[0]!.refreshToken)
  })

  test.each([
    ['was never given out', 'never given out', '2026-03-01T10:00:00Z'],
    ['is of a session that has ended', TOKEN, '2026-03-31T09:30:00Z'],
  ])('refuses a token that %s', async (_, token, now) => {
    domain.at(now)

    await refused(token)
    expect(await closedAt()).toBeNull()
  })

  test('refuses the token of a session that was closed', async () => {
    await domain.given((db) => db.query(`update sessions set closed_at = '2026-03-01T09:59:00Z'`))

    await refused(TOKEN)
    expect(await closedAt()).toEqual(new Date('2026-03-01T09:59:00Z'))
  })

  test('says the role of this moment', async () => {
    await domain.given((db) => db.query(`update accounts set role = 'staff'`))

    expect(await claimsOf((await refreshing(TOKEN)).accessToken)).toMatchObject({ role: 'staff' })
  })

  test('is asked over HTTP without an access token, and answers as log-in does', async () => {
    const [row] = await domain.rows<{ name: string }>('select current_database() as name')
    const env = { ...keys, DATABASE_URL: urlOf(row!.name) }
    const parts = { database: openDatabase, clock: { now: () => new Date('2026-03-01T10:00:00Z') } }
    const { url, close } = await serve(deployable(domain.operation, parts, env))
    const asking = (body: object) =>
      fetch(`${url}/v1/sessions/refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })

    const replies = [
      await asking({ refreshToken: TOKEN }),
      await asking({ refreshToken: TOKEN }),
      await asking({}),
    ]
    await close()

    expect(replies.map(({ status }) => status)).toEqual([201, 401, 422])
    expect(replies[0]!.headers.get('location')).toBe('/v1/sessions/current')
  })
})
