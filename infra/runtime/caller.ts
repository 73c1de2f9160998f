import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import type { IncomingHttpHeaders } from 'node:http'
import { clockIn, type Clock } from './clock'
import { HOME } from './event'
import { setting, type CallerKind, type Environment } from './operation'
import { requestProblem } from './problem'

export type Role = 'customer' | 'staff' | 'admin'

/** Who is asking: proved by an access token, or a guest known by the token of their cart only. */
export interface Caller {
  kind: 'anyone' | 'guest' | 'member'
  /** The account's id, the guest's cart token, or empty. */
  id: string
  role?: Role
  sessionId?: string
}

/** Recognises the caller of a request, or throws 401 or 403. */
export type RecogniseCaller = (
  headers: IncomingHttpHeaders,
  allowed: readonly CallerKind[],
) => Promise<Caller>

/** Every function verifies tokens itself with the published keys; no header is trusted for an identity. */
export const ISSUER = HOME
export const AUDIENCE = `${HOME}/api`

const RANK: Record<Role, number> = { customer: 0, staff: 1, admin: 2 }

const isRole = (role: unknown): role is Role => typeof role === 'string' && Object.hasOwn(RANK, role)

/** The keys come from KIOSK_JWKS (the document that publish-keys answers), so no key server is asked at a cold start. */
export function openCallers(env: Environment): RecogniseCaller {
  const keys = createLocalJWKSet(JSON.parse(setting(env, 'KIOSK_JWKS')) as JSONWebKeySet)
  const clock = clockIn(env)
  return async ({ authorization, 'kiosk-cart': cart }, allowed) => {
    const token = /^Bearer ([\w.-]+)$/i.exec(authorization ?? '')?.[1]
    if (authorization !== undefined && !token) throw unauthenticated()
    if (!token) return withoutToken(cart, allowed)

    const caller = await member(token, keys, clock)
    const needed = allowed.filter((kind) => kind in RANK) as Role[]
    const open = allowed.includes('anyone') || allowed.includes('guest')
    if (!open && !needed.some((role) => RANK[caller.role!] >= RANK[role])) throw requestProblem('forbidden')
    return caller
  }
}

function withoutToken(cart: string | string[] | undefined, allowed: readonly CallerKind[]): Caller {
  if (allowed.includes('guest')) return { kind: 'guest', id: typeof cart === 'string' ? cart : '' }
  if (allowed.includes('anyone')) return { kind: 'anyone', id: '' }
  throw unauthenticated()
}

async function member(
  token: string,
  keys: ReturnType<typeof createLocalJWKSet>,
  clock: Clock,
): Promise<Caller> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ['EdDSA'],
      currentDate: clock.now(),
      requiredClaims: ['sub', 'sid', 'role', 'exp', 'jti'],
    })
    const { sub, sid, role } = payload
    if (typeof sub !== 'string' || typeof sid !== 'string' || !isRole(role)) throw unauthenticated()
    return { kind: 'member', id: sub, role, sessionId: sid }
  } catch (cause) {
    throw Object.assign(unauthenticated(), { cause })
  }
}

/** RFC 6750, section 3: a refused request names the scheme. */
const unauthenticated = () => requestProblem('unauthenticated', {}, { 'WWW-Authenticate': 'Bearer' })

/** Staff and admins may see and do what its owner may. */
export const isStaff = ({ role }: Caller): boolean => role === 'staff' || role === 'admin'
