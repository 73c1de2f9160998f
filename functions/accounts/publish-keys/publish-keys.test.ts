import { accessKeys } from '#support/accounts'
import { operationOf } from '#support/domain'
import { serve } from '#support/door'
import deployable from './handler'

const { privateJwk, publicJwk } = accessKeys()
const starting = (keys: object[]) =>
  deployable(operationOf('accounts/publish-keys'), {}, { KIOSK_JWKS: JSON.stringify({ keys }) })

describe('publish-keys', () => {
  test('answers the public keys, good for five minutes in a cache', async () => {
    const { url, close } = await serve(starting([publicJwk]))

    const response = await fetch(`${url}/.well-known/jwks.json`)
    const body: unknown = await response.json()
    await close()

    expect([response.status, body]).toEqual([200, { keys: [publicJwk] }])
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
  })

  test('does not start with a private key among them', () => {
    expect(() => starting([publicJwk, privateJwk])).toThrow('KIOSK_JWKS holds a private key')
  })
})
