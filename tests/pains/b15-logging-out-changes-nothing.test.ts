import { openCallers } from '#runtime/caller'
import { openDatabase } from '#runtime/database'
import { http, ok, type Deps } from '#runtime/http'
import type { Operation } from '#runtime/operation'
import { openSigner } from '../../functions/accounts/token'
import logIn from '../../functions/accounts/log-in/handler'
import logOut from '../../functions/accounts/log-out/handler'
import viewProfile from '../../functions/accounts/view-profile/handler'
import refreshSession from '../../functions/accounts/refresh-session/handler'
import { hashPassword } from '../../functions/accounts/password'
import { SignJWT } from 'jose'
import { accessKeys, account } from '#support/accounts'
import { openDomain, operationOf, urlOf } from '#support/domain'
import { serve, tokens } from '#support/door'
import { asked, deployableOf, settings } from '#support/every-door'

const ADA = { email: 'ada@example.com', password: 'correct horse' }

class Nothing {}
const whoAmI: Operation = {
  ...{ name: 'who-am-i', domain: 'accounts', promise: 'Says who asks.' },
  ...{ http: ['GET /v1/who'], caller: ['customer'] },
}

/**
 * In the seed the test for a revoked token could never be true, so logging out did nothing; `Bearer` was cut off without its
 * space; a misspelt setting fell back to a secret that everybody can read; a claim of another type ended the process.
 */
describe('B15: logging out changes nothing', () => {
  describe('a session that was logged out', () => {
    const accounts = openDomain('accounts/log-in')
    const { privateJwk, publicJwk } = accessKeys()
    const doors: Awaited<ReturnType<typeof serve>>[] = []
    const open = async (deployable: typeof logIn, path: string) => {
      const [row] = await accounts.rows<{ name: string }>('select current_database() as name')
      const env = {
        ...{ DATABASE_URL: urlOf(row!.name), ACCESS_TOKEN_KEY: JSON.stringify(privateJwk) },
        KIOSK_JWKS: JSON.stringify({ keys: [publicJwk] }),
      }
      const parts = { database: openDatabase, callers: openCallers }
      const door = await serve(deployable(operationOf(path), parts, env))
      doors.push(door)
      return (method: string, body: object | undefined, token?: string) =>
        fetch(door.url + operationOf(path).http![0]!.split(' ')[1]!, {
          method,
          headers: {
            ...(body && { 'content-type': 'application/json' }),
            ...(token && { authorization: `Bearer ${token}` }),
          },
          ...(body && { body: JSON.stringify(body) }),
        })
    }
    interface Session {
      accessToken: string
      refreshToken: string
    }
    beforeEach(async () =>
      accounts.given(account(ADA.email, { passwordHash: await hashPassword(ADA.password) })),
    )
    afterEach(async () => {
      for (const door of doors.splice(0)) await door.close()
    })

    test('B15: opens nothing more of the account with the access token that is left', async () => {
      const entering = await open(logIn, 'accounts/log-in')
      const leaving = await open(logOut, 'accounts/log-out')
      const viewing = await open(viewProfile, 'accounts/view-profile')
      const session = async () => (await (await entering('POST', ADA)).json()) as Session
      const [here, elsewhere] = [await session(), await session()]
      const seen = [(await viewing('GET', undefined, here.accessToken)).status]

      await leaving('DELETE', undefined, here.accessToken)

      seen.push((await viewing('GET', undefined, here.accessToken)).status)
      seen.push((await viewing('GET', undefined, elsewhere.accessToken)).status)
      expect(seen).toEqual([200, 401, 200])
    })

    test('B15: has no refresh token that is worth anything, old or new, and other sessions go on', async () => {
      const entering = await open(logIn, 'accounts/log-in')
      const leaving = await open(logOut, 'accounts/log-out')
      const refreshing = await open(refreshSession, 'accounts/refresh-session')
      const session = async () => (await (await entering('POST', ADA)).json()) as Session
      const refresh = async (refreshToken: string) => refreshing('POST', { refreshToken })
      const [here, elsewhere] = [await session(), await session()]
      const next = (await (await refresh(here.refreshToken)).json()) as Session

      expect((await leaving('DELETE', undefined, next.accessToken)).status).toBe(204)

      expect((await refresh(next.refreshToken)).status).toBe(401)
      expect((await refresh(here.refreshToken)).status).toBe(401)
      expect((await refresh(elsewhere.refreshToken)).status).toBe(201)
    })

    test('B15: was opened for a quarter of an hour at most, so its access token ends by itself', async () => {
      const entering = await open(logIn, 'accounts/log-in')
      const begun = Math.floor(Date.now() / 1_000)

      const { accessToken } = (await (await entering('POST', ADA)).json()) as Session

      const claims = accessToken.split('.')[1]!
      const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp: number }
      expect(exp).toBeGreaterThanOrEqual(begun + 900)
      expect(exp).toBeLessThanOrEqual(Math.ceil(Date.now() / 1_000) + 900)
    })
  })

  describe('a token', () => {
    let keys: Awaited<ReturnType<typeof tokens>>
    let door: Awaited<ReturnType<typeof serve>>
    const ask = async (authorization: string) => fetch(`${door.url}/v1/who`, { headers: { authorization } })

    beforeAll(async () => {
      keys = await tokens()
      const say = (_: object, { caller }: Deps) => Promise.resolve(ok({ id: caller.id }))
      door = await serve(http(Nothing, say)(whoAmI, { callers: openCallers }, keys.env))
    })
    afterAll(() => door.close())

    test.each(['Bearer', 'Bearer:', 'BearerBearer ', 'Token ', 'Basic ', 'Bearer,', ''])(
      'B15: is none behind %p',
      async (scheme) => {
        const token = await keys.sign({ sub: 'ada', role: 'customer' })

        expect((await ask(`Bearer ${token}`)).status).toBe(200)
        expect((await ask(`${scheme}${token}`)).status).toBe(401)
      },
    )

    test.each([
      ['no role', { role: undefined }],
      ['a role of numbers', { role: 7 }],
      ['a list of roles', { role: ['admin'] }],
      ['an object for a role', { role: { admin: true } }],
      ['the name of a method for a role', { role: 'toString' }],
      ['the name of a prototype for a role', { role: '__proto__' }],
      ['no account', { sub: undefined }],
      ['a number for an account', { sub: 7 }],
      ['a list of accounts', { sub: ['ada'] }],
      ['nothing for an account', { sub: null }],
      ['no session', { sid: undefined }],
      ['a number for a session', { sid: 1 }],
      ['an object for a session', { sid: {} }],
      ['no id', { jti: undefined }],
    ])('B15: with %s is refused, and the process lives on', async (_, claims) => {
      const token = await keys.sign({ sub: 'ada', role: 'customer', ...claims })

      const refused = await ask(`Bearer ${token}`)
      const right = await ask(await keys.bearer('ada'))

      expect([refused.status, right.status]).toEqual([401, 200])
    })

    test.each(['your-secret-key', 'secret', ''])('B15: signed with the secret %p is none', async (secret) => {
      const key = Buffer.from(secret.padEnd(32, '\0'))
      const token = await new SignJWT({ sid: 's', jti: 'j', role: 'admin', sub: 'ada' })
        .setProtectedHeader({ alg: 'HS256', kid: 'test' })
        .setExpirationTime('15m')
        .sign(key)

      expect((await ask(`Bearer ${token}`)).status).toBe(401)
    })
  })

  describe('a function', () => {
    const SECRETS: Record<string, string> = {
      'secret:access-tokens': 'ACCESS_TOKEN_KEY',
      'secret:verification': 'VERIFICATION_PEPPER',
    }
    const closed = asked().filter(({ caller = [] }) =>
      caller.some((kind) => ['customer', 'staff', 'admin'].includes(kind)),
    )
    const secretive = asked().flatMap((operation) =>
      (operation.needs ?? []).flatMap((need) =>
        need in SECRETS ? [[operation.name, SECRETS[need]!, operation] as const] : [],
      ),
    )

    test.each(closed.map((operation) => [operation.name, operation] as const))(
      'B15: %s does not start without the keys, or with their name misspelt',
      async (_, operation) => {
        const { KIOSK_JWKS, ...rest } = settings(await tokens())
        const start = (env: Record<string, string | undefined>) => () =>
          deployableOf(operation)(operation, { callers: openCallers }, env)

        expect(start(rest)).toThrow('KIOSK_JWKS is not set')
        expect(start({ ...rest, KIOSK_JWKS: '' })).toThrow('KIOSK_JWKS is not set')
        expect(start({ ...rest, KIOSK_JWK: KIOSK_JWKS })).toThrow('KIOSK_JWKS is not set')
        expect(start({ ...rest, KIOSK_JWKS: 'your-secret-key' })).toThrow()
      },
    )

    test.each(secretive)('B15: %s does not start without %s', async (_, name, operation) => {
      const env = { ...settings(await tokens()), [name]: undefined, [name.replace('_', '')]: 'misspelt' }

      expect(() => deployableOf(operation)(operation, {}, env)).toThrow(`${name} is not set`)
    })

    test('B15: that signs tokens has no key to fall back on', () => {
      expect(() => openSigner({})).toThrow('ACCESS_TOKEN_KEY is not set')
      expect(() => openSigner({ ACCESS_TOKEN_KEY: 'your-secret-key' })).toThrow(
        'is not a private Ed25519 JWK',
      )
    })
  })
})
