import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AUDIENCE, ISSUER, type Role } from '#runtime/caller'
import type { HttpFunction } from '#runtime/function'

/** A function behind a bare node:http server on a free port, closed after the tests of the file. */
export async function serve(fn: HttpFunction): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => void fn(request, response))
  await listening(server)
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await fn.drain()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

/** Keys as the accounts domain would publish them, and tokens signed with them. */
export async function tokens() {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' }
  const sign = (claims: Record<string, unknown>, { expires = '15m', audience = AUDIENCE } = {}) =>
    new SignJWT({ sid: 'session', jti: 'token', ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
      .setIssuer(ISSUER)
      .setAudience(audience)
      .setExpirationTime(expires)
      .sign(privateKey)
  return {
    env: { KIOSK_JWKS: JSON.stringify({ keys: [jwk] }) },
    sign,
    bearer: async (sub: string, role: Role = 'customer') =>
      `Bearer ${await sign({ sub, role, sid: `session of ${sub}` })}`,
  }
}

/** Something that listens on a free port of this machine. */
export const listening = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve())
  })
